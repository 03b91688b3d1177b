/** The till: which sale is on the screen, which are on their way, and which was the last.
 *
 * Every tap counts here at once. Behind each sale one request is under way at a time, and the next
 * one carries the newest lines, so a burst of taps is a few requests and always the right number. A
 * paid sale leaves the screen and is asked for until the server has said yes or no, over a reload
 * and a restarted server too: it is written to the browser's store before the request leaves. */
import { batch, computed, signal, type ReadonlySignal } from '@preact/signals'
import type { Body } from '@ticketd/client'
import type { Cart, ProblemBody } from '../../app/model.ts'
import {
  LIFETIME_S, aged, changed, difference, granted, isEmpty, itemsOf, newSale, nextStep, prepared,
  refused, touched, type Payment, type Sale, type Step,
} from './sale.ts'

/** Its way to the server. A call throws what `verdict` can tell apart. */
export interface TillServer {
  create(key: string, body: Body<'cart_create'>): Promise<Cart>
  replace(cart: string, body: Body<'cart_replace'>): Promise<Cart>
  extend(cart: string, seconds: number): Promise<Cart>
  release(cart: string): Promise<Cart>
  complete(cart: string, key: string, body: Body<'cart_complete'>): Promise<Cart>
  refund(cart: string, key: string, body: Body<'cart_refund'>): Promise<unknown>
  get(cart: string): Promise<Cart>
  /** The server's no, or null where nobody knows what became of the request. */
  verdict(error: unknown): ProblemBody | null
}

/** What was sold last, with the way back. */
export interface Sold {
  cart: string
  order: string
  lines: { type: string; quantity: number; price: number }[]
  amount: number
  channel: Payment['channel']
  tender: Payment['tender']
  at: number
  received: number | null
  undo: { key: string; reason: string } | null
  undone: boolean
}

export interface Notice { id: number; text: string }

/** What survives a reload. */
export interface Kept { current: Sale; behind: Sale[]; parked: Sale[]; last: Sold | null; refunds: Sold[] }

export interface Surroundings {
  server: TillServer
  now: () => number
  uuid: () => string
  names: (type: string) => string
  /** Resolves after so many milliseconds, or sooner when the line is back. */
  pause: (ms: number) => Promise<void>
  keep: (kept: Kept) => void
  /** Called after each sale and refund: the shift's totals have changed. */
  onSettled?: () => void
}

export const UNDO_MS = 60_000
/** Fewer tickets than were tapped are not to be paid by a tap that was under way when they were refused. */
export const CALM_MS = 800
const RETRY_MS = [300, 1000, 2000, 4000, 8000]

export class Till {
  readonly current = signal<Sale>(newSale(''))
  /** Left the screen: paid and on their way, or cleared and being given back. */
  readonly behind = signal<Sale[]>([])
  /** Refused after they had left the screen while another sale was begun. */
  readonly parked = signal<Sale[]>([])
  readonly last = signal<Sold | null>(null)
  readonly notices = signal<Notice[]>([])
  /** Sales whose last request has had no reply. */
  readonly silent = signal<ReadonlySet<string>>(new Set())
  readonly sending: ReadonlySignal<Sale[]> = computed(() => this.behind.value.filter((sale) => sale.payment))
  /** Being taken back; each is asked for until it is known. */
  readonly refunds = signal<Sold[]>([])

  private readonly around: Surroundings
  private readonly running = new Set<string>()
  private told = 0
  private lessAt = -CALM_MS

  constructor(around: Surroundings, kept: Kept | null = null) {
    this.around = around
    this.current.value = kept?.current ?? newSale(around.uuid())
    this.behind.value = kept?.behind ?? []
    this.parked.value = kept?.parked ?? []
    this.last.value = kept?.last ?? null
    for (const sale of [this.current.value, ...this.behind.value, ...this.parked.value]) void this.pump(sale.id)
    this.refunds.value = kept?.refunds ?? []
    for (const sold of this.refunds.value) void this.refund(sold)
    if (this.current.value.cart) void this.look()
  }

  add(type: string): void { this.set(type, (this.current.peek().wanted[type] ?? 0) + 1) }
  remove(type: string): void { this.set(type, (this.current.peek().wanted[type] ?? 0) - 1) }

  /** Takes one off the line that was begun last. */
  removeLast(): void {
    const type = Object.keys(this.current.peek().wanted).at(-1)
    if (type) this.remove(type)
  }

  set(type: string, quantity: number): void {
    const sale = this.current.peek()
    this.put(changed(sale, type, quantity, this.around.now()))
  }

  /** The current sale is paid: it leaves the screen, which is free for the next customer. */
  pay(how: Pick<Payment, 'channel' | 'tender' | 'reason' | 'amount'>): boolean {
    const sale = this.current.peek()
    if (isEmpty(sale.wanted) || this.around.now() - this.lessAt < CALM_MS) return false
    this.leave({ ...sale, payment: { ...how, key: this.around.uuid(), sent: false } })
    return true
  }

  clear(): void {
    const sale = this.current.peek()
    if (!isEmpty(sale.wanted) || sale.cart || sale.creation) this.leave({ ...sale, wanted: {} })
  }

  reserveAgain(): void {
    this.put({ ...this.current.peek(), lapsed: false })
  }

  /** The cashier did something: what is on the screen stays reserved. */
  touch(): void {
    const sale = this.current.peek(), next = touched(sale, this.around.now())
    if (next !== sale) this.put(next)
  }

  /** To be called once a second or so. */
  tick(): void {
    const sale = this.current.peek(), next = aged(sale, this.around.now())
    if (next !== sale) this.put(next)
  }

  /** Asks how the current cart stands: after a reload, or when a screen wakes up. */
  async look(): Promise<void> {
    const before = this.current.peek()
    if (!before.cart || this.running.has(before.id)) return
    const cart = await this.around.server.get(before.cart.id).catch(() => null)
    const sale = this.current.peek()
    if (!cart || sale.cart?.id !== cart.id || this.running.has(sale.id) || sale.cart !== before.cart) return
    this.put(granted(sale, cart, this.around.now()))
  }

  /** Takes the last sale back: asked for until it is known, like a sale. */
  async undo(reason: string, cart = this.last.peek()?.cart): Promise<void> {
    const sold = this.last.peek()
    if (!sold || sold.undo || sold.cart !== cart) return
    const taken = { ...sold, undo: { key: this.around.uuid(), reason } }
    batch(() => {
      this.last.value = taken
      this.refunds.value = [...this.refunds.peek(), taken]
    })
    this.keep()
    await this.refund(taken)
  }

  /** How much money was handed over for the last sale. */
  receive(received: number | null): void {
    const sold = this.last.peek()
    if (!sold) return
    this.last.value = { ...sold, received }
    this.keep()
  }

  bringBack(id: string): void {
    const sale = this.parked.peek().find((one) => one.id === id)
    if (!sale) return
    const now = this.current.peek()
    batch(() => {
      this.parked.value = this.parked.peek().filter((one) => one !== sale)
      if (isEmpty(now.wanted)) this.clear()
      else this.parked.value = [...this.parked.value, now]
      this.put({ ...sale, lapsed: false })
    })
  }

  dismissParked(id: string): void {
    const sale = this.parked.peek().find((one) => one.id === id)
    if (!sale) return
    this.parked.value = this.parked.peek().filter((one) => one !== sale)
    this.behind.value = [...this.behind.peek(), { ...sale, wanted: {} }]
    this.keep()
    void this.pump(sale.id)
  }

  dismiss(id: number): void {
    this.notices.value = this.notices.peek().filter((one) => one.id !== id)
  }

  /** Paid sales and refunds of a tab that is gone, asked for from here on. */
  takeOver({ behind, refunds }: Pick<Kept, 'behind' | 'refunds'>): void {
    const sales = behind.filter((sale) => !this.find(sale.id))
    const more = refunds.filter((sold) => !this.refunds.peek().some((one) => one.cart === sold.cart))
    batch(() => {
      this.behind.value = [...this.behind.peek(), ...sales]
      this.refunds.value = [...this.refunds.peek(), ...more]
    })
    this.keep()
    for (const sale of sales) void this.pump(sale.id)
    for (const sold of more) void this.refund(sold)
  }

  /** What the cashier has to know; the last three stand. */
  say(text: string): void {
    this.notices.value = [...this.notices.peek().slice(-2), { id: ++this.told, text }]
  }

  private keep(): void {
    const { current, behind, parked, last, refunds } = this
    this.around.keep({
      current: current.peek(), behind: behind.peek(), parked: parked.peek(), last: last.peek(), refunds: refunds.peek(),
    })
  }

  private find(id: string): Sale | undefined {
    const all = [this.current.peek(), ...this.behind.peek(), ...this.parked.peek()]
    return all.find((sale) => sale.id === id)
  }

  /** Replaces a sale, wherever it is, and lets it go on. */
  private put(sale: Sale, goOn = true): void {
    const replace = (list: Sale[]) => list.map((one) => one.id === sale.id ? sale : one)
    batch(() => {
      if (this.behind.peek().some((one) => one.id === sale.id)) this.behind.value = replace(this.behind.peek())
      else if (this.parked.peek().some((one) => one.id === sale.id)) this.parked.value = replace(this.parked.peek())
      else this.current.value = sale
    })
    this.keep()
    if (goOn) void this.pump(sale.id)
  }

  private leave(sale: Sale): void {
    batch(() => {
      this.behind.value = [...this.behind.peek(), sale]
      this.current.value = newSale(this.around.uuid())
      this.notices.value = []
    })
    this.keep()
    void this.pump(sale.id)
  }

  private forget(id: string): void {
    this.behind.value = this.behind.peek().filter((sale) => sale.id !== id)
    this.keep()
  }

  /** One request after the other until the server keeps what is wanted. */
  private async pump(id: string): Promise<void> {
    if (this.running.has(id)) return
    this.running.add(id)
    try {
      for (let attempt = 0; ;) {
        const sale = this.find(id)
        if (!sale) return
        const ready = prepared(sale, this.around.uuid)
        if (ready !== sale) this.put(ready, false)
        const step = nextStep(ready)
        if (!step) break
        const known = await this.ask(id, step)
        attempt = known ? 0 : attempt + 1
        this.setSilent(id, !known)
        if (!known) await this.around.pause(RETRY_MS[Math.min(attempt, RETRY_MS.length) - 1]!)
      }
    } finally {
      this.running.delete(id)
    }
    const sale = this.behind.peek().find((one) => one.id === id)
    if (sale && !sale.payment && isEmpty(sale.wanted)) this.forget(id)
  }

  private setSilent(id: string, silent: boolean): void {
    if (this.silent.peek().has(id) === silent) return
    const next = new Set(this.silent.peek())
    if (silent) next.add(id)
    else next.delete(id)
    this.silent.value = next
  }

  /** Answers false if nobody knows what became of it. */
  private async ask(id: string, step: Step): Promise<boolean> {
    let cart: Cart
    try {
      cart = await this.send(step)
    } catch (error) {
      const problem = this.around.server.verdict(error)
      if (problem) this.onRefused(id, step, problem)
      return problem !== null
    }
    const sale = this.find(id)
    if (!sale) return true
    if (step.kind === 'complete') this.onSold(sale, step.payment, cart)
    else if (step.kind === 'release') this.put({ ...sale, cart: null, creation: null }, false)
    else this.put(granted(sale, cart, this.around.now()), false)
    return true
  }

  private send(step: Step): Promise<Cart> {
    const { server } = this.around
    switch (step.kind) {
      case 'create':
        return server.create(step.key, { items: itemsOf(step.items), expires_in_seconds: LIFETIME_S })
      case 'replace': return server.replace(step.cart, { items: itemsOf(step.items) })
      case 'extend': return server.extend(step.cart, LIFETIME_S)
      case 'release': return server.release(step.cart)
      case 'complete': {
        const { channel, tender, reason, key } = step.payment
        const body = { order_id: step.order, channel, ...(tender && { tender }), ...(reason && { reason }) }
        // Another order id is another request, and so has a key of its own.
        return server.complete(step.cart, step.order === step.cart ? `${key}.plain` : key, body)
      }
    }
  }

  private onRefused(id: string, step: Step, problem: ProblemBody): void {
    const sale = this.find(id)
    if (!sale) return
    const verdict = refused(sale, step, problem, this.around.names)
    const isBack = sale.payment && !verdict.sale.payment && !isEmpty(verdict.sale.wanted)
    batch(() => {
      if (isBack && this.behind.peek().includes(sale)) {
        this.behind.value = this.behind.peek().filter((one) => one !== sale)
        if (isEmpty(this.current.peek().wanted)) {
          const idle = this.current.peek()
          if (idle.cart || idle.creation) this.behind.value = [...this.behind.peek(), idle]
          this.current.value = verdict.sale
        } else this.parked.value = [...this.parked.peek(), verdict.sale]
        this.keep()
      } else this.put(verdict.sale, false)
      if (verdict.notice) {
        this.say(verdict.notice)
        this.lessAt = this.around.now()
      }
    })
    if (isBack) for (const one of this.behind.peek()) void this.pump(one.id)
  }

  private onSold(sale: Sale, payment: Readonly<Payment>, cart: Cart): void {
    const lines = cart.lines.map((line) =>
      ({ type: line.ticket_type_id, quantity: line.quantity, price: line.unit_price }))
    const odd = difference(sale.wanted, cart, this.around.names)
    batch(() => {
      this.last.value = {
        cart: cart.id, order: cart.order_id ?? '', lines, amount: cart.amount, channel: payment.channel,
        tender: payment.tender, at: this.around.now(), received: null, undo: null, undone: false,
      }
      this.forget(sale.id)
      if (odd) this.say(odd)
    })
    this.around.onSettled?.()
  }

  private async refund(sold: Sold): Promise<void> {
    const { server, pause, onSettled } = this.around
    const { key, reason } = sold.undo!
    let over: Partial<Sold> | null = null
    for (let attempt = 0; !over; attempt++) {
      try {
        await server.refund(sold.cart, key, { reason })
        over = { undone: true }
      } catch (error) {
        const problem = server.verdict(error)
        if (problem) this.say(problem.detail)
        if (problem) over = problem.code === 'not_sold' ? { undone: true } : { undo: null }
        else await pause(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]!)
      }
    }
    batch(() => {
      this.refunds.value = this.refunds.peek().filter((one) => one.cart !== sold.cart)
      const last = this.last.peek()
      if (last?.cart === sold.cart) this.last.value = { ...last, ...over }
    })
    this.keep()
    onSettled?.()
  }
}

export const amountOf = (sale: Sale, prices: Readonly<Record<string, number>>): number =>
  Object.entries(sale.wanted).reduce((sum, [type, n]) => sum + n * (sale.cart?.prices[type] ?? prices[type] ?? 0), 0)
