import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickAmounts } from '../src/pages/box_office/cash.ts'
import { AMBER_MS, LIFETIME_S, count, newSale, orderOf } from '../src/pages/box_office/sale.ts'
import { CALM_MS, Till, type Kept, type TillServer } from '../src/pages/box_office/till.ts'

const NAMES: Record<string, string> = { ga: 'General admission', vip: 'VIP balcony' }
const no = (code: string, facts = {}) => ({ no: { status: 409, code, title: code, detail: `${code}.`, request_id: 'r', ...facts } })
const lostReply = () => new Error('no reply')

/** A house with so many tickets per type, which remembers keys, and loses what `loses` says. */
function house(stock: Record<string, number>) {
  const carts = new Map<string, any>(), answers = new Map<string, any>(), asked: string[] = []
  const state = { carts, asked, stock, busy: 0, most: 0, refunds: 0,
    loses: (_: string): 'request' | 'reply' | null => null, gate: Promise.resolve() }
  const sold = () => [...carts.values()].filter((cart) => cart.status === 'completed')
  const take = (cart: any, items: any[]) => {
    for (const { ticket_type_id: type, quantity } of items) {
      const had = cart.lines.find((line: any) => line.ticket_type_id === type)?.quantity ?? 0
      if (quantity - had > stock[type]!) throw no('insufficient_inventory', { ticket_type_id: type, available: stock[type] })
    }
    for (const line of cart.lines) stock[line.ticket_type_id]! += line.quantity
    cart.lines = items.map((item) => ({ ...item, unit_price: 1000 }))
    for (const item of items) stock[item.ticket_type_id]! -= item.quantity
    cart.amount = items.reduce((sum, item) => sum + item.quantity * 1000, 0)
  }
  async function call(name: string, key: string | null, work: () => any): Promise<any> {
    asked.push(name)
    state.most = Math.max(state.most, ++state.busy)
    try {
      await state.gate
      await new Promise(setImmediate)
      const loss = state.loses(name)
      if (loss === 'request') throw lostReply()
      if (!key || !answers.has(key)) {
        const answer = structuredClone(work())
        if (key) answers.set(key, answer)
        else { if (loss) throw lostReply(); return answer }
      }
      if (loss) throw lostReply()
      return structuredClone(answers.get(key))
    } finally { state.busy-- }
  }
  const of = (id: string) => {
    const cart = carts.get(id)
    if (cart.status !== 'active') throw no(`reservation_${cart.status}`)
    return cart
  }
  const server: TillServer = {
    create: (key, body: any) => call('create', key, () => {
      const id = `0192d3a0-0000-7000-8000-00000000000${carts.size}`
      const cart = { id, status: 'active', remaining_seconds: body.expires_in_seconds, lines: [], amount: 0 }
      take(cart, body.items)
      carts.set(id, cart)
      return cart
    }),
    replace: (id, body: any) => call('replace', null, () => { take(of(id), body.items); return carts.get(id) }),
    extend: (id) => call('extend', null, () => of(id)),
    release: (id) => call('release', null, () => {
      const cart = carts.get(id)
      if (cart.status === 'active') for (const line of cart.lines) stock[line.ticket_type_id]! += line.quantity
      if (cart.status === 'active') cart.status = 'released'
      return cart
    }),
    complete: (id, key, body: any) => call('complete', key, () => {
      const cart = carts.get(id)
      if (cart.status === 'released') throw no('reservation_released')
      return Object.assign(cart, { status: 'completed', order_id: body.order_id })
    }),
    refund: (_, key) => call('refund', key, () => { state.refunds++; return {} }),
    get: async (id) => carts.get(id),
    verdict: (error: any) => error.no ?? null,
  }
  return { ...state, state, server, sold }
}

function at(hall: ReturnType<typeof house>, kept: Kept | null = null, page = kept ? 'again' : 'first') {
  let now = 1_000_000, ids = 0
  const box = { kept: null as Kept | null, advance: (ms: number) => { now += ms } }
  const till = new Till({
    server: hall.server, now: () => now, uuid: () => `key-${now}-${page}-${++ids}`,
    names: (type) => NAMES[type] ?? type, pause: () => new Promise((done) => setImmediate(done)),
    keep: (state) => { box.kept = structuredClone(state) },
  }, kept)
  return { till, box }
}

async function until(claim: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2000; turn++) {
    if (claim()) return
    await new Promise(setImmediate)
  }
  assert.fail(`never: ${claim}`)
}

const cash = { channel: 'box_office', tender: 'cash', reason: null, amount: 0 } as const

test('a burst of taps counts at once and is one request at a time, few in all', async () => {
  const hall = house({ ga: 100, vip: 100 }), { till } = at(hall)
  for (let i = 0; i < 25; i++) till.add(i % 5 ? 'ga' : 'vip')
  assert.equal(count(till.current.value.wanted), 25)
  await until(() => till.current.value.cart?.granted['ga'] === 20)
  assert.deepEqual(hall.asked, ['create', 'replace'])
  assert.equal(hall.state.most, 1)
  assert.deepEqual(hall.stock, { ga: 80, vip: 95 })
})

test('a tile and Cash within one round trip sell what was tapped, exactly', async () => {
  const hall = house({ ga: 100, vip: 9 }), { till } = at(hall)
  till.add('ga')
  till.add('ga')
  till.add('vip')
  assert.ok(till.pay(cash))
  assert.equal(count(till.current.value.wanted), 0)
  await until(() => till.last.value !== null)
  assert.deepEqual(hall.sold().map((cart) => cart.lines.map((line: any) => line.quantity)), [[2, 1]])
  assert.deepEqual(hall.stock, { ga: 98, vip: 8 })
})

test('two customers in a row are two sales, though the first has no reply yet', async () => {
  const hall = house({ ga: 10 }), { till } = at(hall)
  let open = () => {}
  hall.state.gate = new Promise((done) => { open = done })
  till.add('ga'); till.pay(cash)
  till.add('ga'); till.add('ga'); till.pay(cash)
  assert.equal(till.sending.value.length, 2)
  open()
  await until(() => till.sending.value.length === 0)
  assert.equal(hall.stock['ga'], 7)
  assert.equal(hall.sold().length, 2)
})

test('a refusal leaves the line at what there is, and says so', async () => {
  const hall = house({ ga: 100, vip: 2 }), { till } = at(hall)
  for (let i = 0; i < 4; i++) till.add('vip')
  till.add('ga')
  await until(() => till.current.value.cart?.granted['ga'] === 1)
  assert.equal(till.current.value.wanted['vip'], 2)
  assert.equal(till.notices.value[0]?.text, 'Only 2 VIP balcony left.')
  assert.deepEqual(hall.stock, { ga: 99, vip: 0 })
})

test('a paid sale that cannot be reserved comes back to the screen, unsold', async () => {
  const hall = house({ vip: 1 }), { till } = at(hall)
  till.add('vip'); till.add('vip'); till.pay(cash)
  await until(() => till.sending.value.length === 0)
  assert.deepEqual(till.current.value.wanted, { vip: 1 })
  assert.match(till.notices.value[0]!.text, /^Only 1 VIP balcony left\. Nothing was sold\.$/)
  assert.equal(hall.sold().length, 0)
})

test('a paid sale that is refused while the next one is begun waits aside, over a reload too', async () => {
  const hall = house({ vip: 1, ga: 9 }), { till, box } = at(hall)
  till.add('vip'); till.add('vip'); till.pay(cash)
  till.add('ga')
  await until(() => till.parked.value.length === 1)
  assert.deepEqual(till.current.value.wanted, { ga: 1 })
  const { till: again } = at(hall, box.kept)
  again.bringBack(again.parked.value[0]!.id)
  assert.deepEqual(again.current.value.wanted, { vip: 1 })
  assert.deepEqual(again.parked.value.map((sale) => sale.wanted), [{ ga: 1 }])
  again.dismissParked(again.parked.value[0]!.id)
  await until(() => hall.stock['ga'] === 9)
  assert.equal(hall.sold().length, 0)
})

for (const loss of ['request', 'reply'] as const) {
  test(`a lost ${loss} is asked again and sells once`, async () => {
    const hall = house({ ga: 10 }), { till } = at(hall)
    const lost = new Set<string>()
    hall.state.loses = (name) => lost.has(name) ? null : (lost.add(name), loss)
    till.add('ga'); till.add('ga'); till.pay(cash)
    await until(() => till.last.value !== null)
    assert.equal(hall.sold().length, 1)
    assert.equal(hall.stock['ga'], 8)
    assert.deepEqual(till.notices.value, [])
  })
}

test('a sale without a reply is sent on by the page that comes after a reload, once', async () => {
  const hall = house({ ga: 10 }), first = at(hall)
  hall.state.loses = (name) => name === 'complete' ? 'reply' : null
  first.till.add('ga'); first.till.pay(cash)
  await until(() => hall.sold().length === 1)
  assert.equal(first.till.last.value, null)
  const kept = structuredClone(first.box.kept)
  const second = at(hall, kept)
  assert.equal(second.till.sending.value.length, 1)
  hall.state.loses = () => null
  await until(() => second.till.last.value !== null && first.till.last.value !== null)
  assert.equal(hall.sold().length, 1)
  assert.equal(hall.stock['ga'], 9)
})

test('a cart that was asked for before a reload is the same cart after it', async () => {
  const hall = house({ ga: 10 }), first = at(hall)
  hall.state.loses = (name) => name === 'create' ? 'reply' : null
  first.till.add('ga')
  await until(() => hall.carts.size === 1)
  const second = at(hall, structuredClone(first.box.kept))
  hall.state.loses = () => null
  second.till.add('ga')
  await until(() => second.till.current.value.cart?.granted['ga'] === 2)
  assert.equal(hall.carts.size, 1)
  assert.equal(hall.stock['ga'], 8)
})

test('what is cleared is given back', async () => {
  const hall = house({ ga: 10 }), { till } = at(hall)
  till.add('ga'); till.add('ga'); till.clear()
  await until(() => till.behind.value.length === 0)
  assert.equal(hall.stock['ga'], 10)
  assert.deepEqual(hall.asked, ['create', 'release'])
})

test('a reservation that ran out waits for "Reserve again"; a tap is one too', async () => {
  const hall = house({ ga: 10 }), { till, box } = at(hall)
  till.add('ga')
  await until(() => till.current.value.cart !== null)
  box.advance(LIFETIME_S * 1000 - AMBER_MS)
  till.tick()
  assert.ok(till.current.value.cart)
  box.advance(AMBER_MS)
  till.tick()
  assert.equal(till.current.value.lapsed, true)
  assert.deepEqual(hall.asked, ['create'])
  till.reserveAgain()
  await until(() => till.current.value.cart !== null)
  assert.deepEqual(hall.asked, ['create', 'create'])
})

test('while the cashier works the reservation lives on, by at most one request a minute', async () => {
  const hall = house({ ga: 10 }), { till, box } = at(hall)
  till.add('ga')
  await until(() => till.current.value.cart !== null)
  till.touch()
  box.advance(61_000)
  till.touch(); till.touch()
  await until(() => hall.asked.length === 2)
  till.touch()
  assert.deepEqual(hall.asked, ['create', 'extend'])
})

test('a reservation that the server has ended is taken again when the cashier goes on', async () => {
  const hall = house({ ga: 10 }), { till } = at(hall)
  till.add('ga')
  await until(() => till.current.value.cart !== null)
  for (const cart of hall.carts.values()) { cart.status = 'expired'; hall.stock['ga']! += 1 }
  till.add('ga'); till.pay(cash)
  await until(() => till.last.value !== null)
  assert.equal(hall.stock['ga'], 8)
  assert.equal(hall.sold()[0]!.lines[0].quantity, 2)
})

test('undo takes the sale back once, though its reply is lost', async () => {
  const hall = house({ ga: 10 }), { till } = at(hall)
  till.add('ga'); till.pay(cash)
  await until(() => till.last.value !== null)
  let lost = false
  hall.state.loses = (name) => name === 'refund' && !lost ? (lost = true, 'reply') : null
  void till.undo('Wrong tickets')
  void till.undo('Wrong tickets')
  await until(() => till.last.value?.undone === true)
  assert.equal(hall.state.refunds, 1)
})

test('Backspace takes one off the line that was begun last', () => {
  const { till } = at(house({ ga: 10, vip: 10 }))
  till.add('ga'); till.add('vip'); till.add('vip'); till.removeLast(); till.removeLast(); till.removeLast()
  assert.deepEqual(till.current.value.wanted, {})
})

test('a cart has the order id that ticketd itself would give it', () => {
  assert.equal(orderOf('01939c1e-7a3b-7b1a-9f00-1122334455aa'), orderOf('01939c1e-7a3b-7b1a-9f00-1122334455ff'))
  assert.match(orderOf('01939c1e-7a3b-7b1a-9f00-1122334455aa'), /^BO-[0-9A-HJKMNP-TV-Z]{10}$/)
  assert.deepEqual(newSale('x').wanted, {})
})

test('the notes that are likely come in order, the exact sum first', () => {
  assert.deepEqual(quickAmounts(7100, 100), [7100, 7500, 8000, 10000])
  assert.deepEqual(quickAmounts(2000, 100), [2000, 5000, 10000])
})

test('fewer tickets than were tapped are not paid by a tap that was under way', async () => {
  const hall = house({ vip: 1 }), { till, box } = at(hall)
  till.add('vip'); till.add('vip'); till.pay(cash)
  await until(() => till.notices.value.length > 0)
  assert.equal(till.pay(cash), false)
  assert.equal(hall.sold().length, 0)
  box.advance(CALM_MS)
  assert.ok(till.pay(cash))
  await until(() => hall.sold().length === 1)
})

test('what a tab that is gone had paid is asked for from here, once', async () => {
  const hall = house({ ga: 10 }), gone = at(hall), here = at(hall, null, 'other')
  hall.state.loses = (name) => name === 'complete' ? 'reply' : null
  gone.till.add('ga'); gone.till.pay(cash)
  await until(() => gone.till.silent.value.size === 1)
  const left = gone.box.kept!
  here.till.takeOver(left)
  here.till.takeOver(left)
  assert.equal(here.till.sending.value.length, 1)
  hall.state.loses = () => null
  await until(() => here.till.last.value !== null)
  assert.equal(hall.sold().length, 1)
  assert.equal(hall.stock['ga'], 9)
})

test('undo takes back the sale that was asked about, and no later one', async () => {
  const hall = house({ ga: 10 }), { till } = at(hall)
  till.add('ga'); till.pay(cash)
  await until(() => till.last.value !== null)
  const first = till.last.value!.cart
  till.add('ga'); till.pay(cash)
  await until(() => till.last.value!.cart !== first)
  await till.undo('Wrong tickets', first)
  assert.equal(hall.state.refunds, 0)
})
