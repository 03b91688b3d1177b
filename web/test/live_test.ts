import assert from 'node:assert/strict'
import { test } from 'node:test'
import { merge, type LiveCounts } from '../src/app/live.ts'

const state = (seq: number, available: number, as_of = '2026-11-22T10:00:00.000Z'): LiveCounts => ({
  ticket_type_id: 'a', event_id: 'e', initial: 9, total: 9, sold: 0, reserved: 9 - available, available, seq, as_of,
})
const left = (...news: LiveCounts[]) => news.reduce((known, one) => merge(known, [one]), merge(new Map(), [])).get('a')?.available

test('of two states of a ticket type the newer is kept, whichever comes last', () => {
  assert.equal(left(state(1, 8), state(2, 7)), 7)
  assert.equal(left(state(2, 7), state(1, 8)), 7)
})

test('a reservation that ended without an entry counts from its instant', () => {
  assert.equal(left(state(2, 7), state(2, 9, '2026-11-22T10:15:00.000Z')), 9)
  assert.equal(left(state(2, 9, '2026-11-22T10:15:00.000Z'), state(2, 7)), 9)
})
