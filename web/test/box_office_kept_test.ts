import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tillStore } from '../src/pages/box_office/kept.ts'
import { counts, liveState, type LiveCounts } from '../src/app/live.ts'
import { joined, news as told, tellByCounts, type News } from '../src/pages/box_office/news.ts'
import { newSale } from '../src/pages/box_office/sale.ts'
import type { Kept } from '../src/pages/box_office/till.ts'

function storage(): Storage {
  const box: any = {}
  const hide = (name: string, value: unknown) => Object.defineProperty(box, name, { value, enumerable: false })
  hide('getItem', (name: string) => box[name] ?? null)
  hide('setItem', (name: string, value: string) => { box[name] = value })
  hide('removeItem', (name: string) => { delete box[name] })
  return box
}

/** A browser with tabs; `open` is a page in the tab whose session storage that is. */
function browser() {
  const local = storage()
  let time = 1_000_000, ids = 0
  const open = (session: Storage, who = 'dana') =>
    tillStore('event', who, { local, session, now: () => time, newId: () => `tab-${++ids}`, page: `page-${++ids}` })
  return { open, later: (ms: number) => { time += ms } }
}

const paid = (id: string) =>
  ({ ...newSale(id), wanted: { ga: 1 }, payment: { key: id, channel: 'box_office', tender: 'cash', reason: null, amount: 1, sent: true } as const })
const kept = (id: string): Kept => ({ current: { ...newSale(id), wanted: { ga: 2 } }, behind: [paid(`paid-${id}`)], parked: [], last: null, refunds: [] })

test('a page that is loaded again has what it kept, at once', () => {
  const { open } = browser(), tab = storage()
  const first = open(tab)
  first.keep(kept('a'))
  first.leave()
  assert.equal(open(tab).load()?.current.id, 'a')
})

test('two pages with the same tab have a record each', () => {
  const { open, later } = browser(), tab = storage(), twin = storage()
  const first = open(tab)
  first.keep(kept('a'))
  twin.setItem('ticketd.tab', tab.getItem('ticketd.tab')!)
  const second = open(twin)
  assert.equal(second.load(), null)
  second.keep(kept('b'))
  later(1000)
  first.leave()
  assert.equal(open(tab).load()?.current.id, 'a')
})

test('a page that was loaded again and has changed nothing yet keeps its record to itself', () => {
  const { open, later } = browser(), tab = storage(), twin = storage(), other = open(storage())
  const first = open(tab)
  first.keep(kept('a'))
  first.leave()
  const again = open(tab)
  again.load()
  again.beat()
  twin.setItem('ticketd.tab', tab.getItem('ticketd.tab')!)
  assert.equal(open(twin).load(), null)
  later(10_000)
  again.beat()
  later(10_000)
  assert.equal(other.beat(), null)
})

test('a paid sale of a tab that is gone is taken over once, by a page that is open', () => {
  const { open, later } = browser()
  const lost = open(storage()), other = open(storage()), stranger = open(storage(), 'lee')
  lost.keep(kept('a'))
  other.keep(kept('b'))
  assert.equal(other.beat(), null)
  later(10_000)
  assert.equal(other.beat(), null)
  later(6_000)
  assert.equal(stranger.beat(), null)
  assert.deepEqual(other.beat()?.behind.map((sale) => sale.id), ['paid-a'])
  assert.equal(other.beat(), null)
})

test('news of one sale name all its ticket types, and those of the next one its own', () => {
  const news = (of: string, type: string, quantity: number): News =>
    ({ of, lines: [{ type, quantity }], action: 'sale', channel: 'online', at: 1 })
  const first = joined(null, news('A', 'ga', 2))
  const both = joined(first, news('A', 'vip', 1))
  assert.deepEqual(both.lines, [{ type: 'ga', quantity: 2 }, { type: 'vip', quantity: 1 }])
  assert.deepEqual(joined(both, news('A', 'ga', 1)).lines[0], { type: 'ga', quantity: 3 })
  assert.deepEqual(joined(both, news('B', 'vip', 4)).lines, [{ type: 'vip', quantity: 4 }])
})

test('what was sold before one looked, or while the line was lost, is not told as news', () => {
  const sold = (n: number) => { counts.value = new Map([['ga', { sold: n } as LiveCounts]]) }
  sold(1)
  liveState.value = 'paused'
  const stop = tellByCounts()
  liveState.value = 'live'
  sold(40)
  assert.equal(told.peek(), null)
  sold(42)
  assert.deepEqual(told.value?.lines, [{ type: 'ga', quantity: 2 }])
  told.value = null
  liveState.value = 'reconnecting'
  liveState.value = 'live'
  sold(90)
  assert.equal(told.peek(), null)
  stop()
})

test('a browser that can keep no more goes on selling', () => {
  const refuse = () => { throw new DOMException('full', 'QuotaExceededError') }
  const full = { getItem: () => null, setItem: refuse, removeItem: refuse } as unknown as Storage
  const till = tillStore('event', 'dana', { local: full, session: full, now: () => 1, newId: () => 'tab', page: 'page' })
  till.keep(kept('a'))
  assert.equal(till.beat(), null)
})
