import assert from 'node:assert/strict'
import { test } from 'node:test'

import { buckets, cumulative, sumOf } from '../src/pages/reports/figures.ts'

const row = (from: string, tickets: number) => ({
  from,
  to: `${from}+1`,
  tickets_sold: tickets,
  tickets_refunded: 1,
  tickets_net: tickets - 1,
  gross: tickets * 100,
  refunds: 100,
  net: tickets * 100 - 100,
})

test('rows of one bucket stand together, the earliest bucket first', () => {
  const found = buckets([row('2', 5), row('1', 3), row('2', 7)])
  assert.deepEqual(
    found.map(({ from, rows }) => [from, rows.map(({ tickets_sold }) => tickets_sold)]),
    [
      ['1', [3]],
      ['2', [5, 7]],
    ],
  )
})

test('the sum of rows is the sum of each of their figures', () => {
  assert.deepEqual(sumOf([row('1', 3), row('2', 5)]), {
    tickets_sold: 8,
    tickets_refunded: 2,
    tickets_net: 6,
    gross: 800,
    refunds: 200,
    net: 600,
  })
})

test('running sums end with the whole', () => {
  assert.deepEqual(cumulative([3, 0, -1, 4]), [3, 3, 2, 6])
})
