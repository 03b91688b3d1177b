import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEntry, SalesRow } from '../src/app/model.ts'
import { calendar, layOut, PLOT, salesDays, SERIES_MAX } from '../src/pages/dashboard/chart_data.ts'
import { dayStart } from '../src/pages/reports/period.ts'
import { around, sellsOutAt } from '../src/pages/dashboard/pace.ts'
import { band, linear, roundStep } from '../src/parts/scale.ts'

const CHICAGO = 'America/Chicago', HOUR = 3_600_000
const NOW = Date.parse('2026-11-22T18:00:00.000Z') // noon there

const row = (type: string, from: string, sold: number): SalesRow => ({
  ticket_type_id: type, from, tickets_sold: sold, tickets_refunded: 0, tickets_net: sold, gross: 0, refunds: 0, net: 0,
})
const increase = (type: string, at: string, quantity: number, seq: number, before: number): AuditEntry =>
  ({ ticket_type_id: type, created_at: at, quantity, seq, previous_total: before, action: 'increase' }) as AuditEntry

const options = { types: [{ id: 'a', name: 'A' }, { id: 'b', name: 'B' }], increases: [], zone: CHICAGO,
  from: '2026-10-31T05:00:00.000Z', to: '2026-11-03T18:00:00.000Z' }

test('a pace says when the rest is gone, and nothing where there is no telling', () => {
  assert.equal(sellsOutAt(9, 27, NOW), NOW + 24 * HOUR)
  assert.equal(sellsOutAt(9, 0, NOW), null)
  assert.equal(sellsOutAt(0, 9, NOW), null)
  assert.equal(sellsOutAt(1000, 1, NOW), null, 'years away')
})

test('the hour of a pace is said for today and tomorrow, the day beyond', () => {
  assert.match(around(NOW + 2 * HOUR, CHICAGO, NOW), /^today around 2\sPM$/)
  assert.match(around(NOW + 26 * HOUR, CHICAGO, NOW), /^tomorrow around 2\sPM$/)
  assert.equal(around(NOW + 6 * 24 * HOUR, CHICAGO, NOW), 'around Nov 28')
})

test('every calendar day stands in the chart once, also across the change of the clocks', () => {
  assert.deepEqual(calendar(options.from, options.to, CHICAGO), ['2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03'])
  assert.equal(dayStart(NOW, 0, CHICAGO), '2026-11-22T06:00:00.000Z')
  assert.equal(dayStart(NOW, 29, CHICAGO), '2026-10-24T05:00:00.000Z', 'still summer time then')
})

test('what the report says stands in its day, under its type, and adds up', () => {
  const data = salesDays({ ...options, rows: [
    row('a', '2026-10-31T05:00:00.000Z', 3), row('b', '2026-10-31T05:00:00.000Z', 4), row('a', '2026-11-02T06:00:00.000Z', 5),
  ] })
  assert.deepEqual(data.days.map((day) => day.total), [7, 0, 5, 0])
  assert.deepEqual(data.days[0]!.values, { a: 3, b: 4 })
  assert.equal(data.total, 12)
  assert.equal(data.highest, 7)
})

test('the initial inventory is no addition; a later increase is marked on its day', () => {
  const data = salesDays({ ...options, rows: [row('a', '2026-10-31T05:00:00.000Z', 1)], increases: [
    increase('a', '2026-10-31T06:00:00.000Z', 1200, 1, 0), increase('a', '2026-11-02T20:00:00.000Z', 200, 9, 1200),
  ] })
  assert.deepEqual(data.days.map((day) => day.added), [[], [], [{ quantity: 200, name: 'A' }], []])
})

test('types beyond the colours are summed as others, and no ticket is lost', () => {
  const types = Array.from({ length: 9 }, (_, i) => ({ id: `t${i}`, name: `T${i}` }))
  const rows = types.map((type, i) => row(type.id, '2026-11-01T06:00:00.000Z', i + 1))
  const data = salesDays({ ...options, types, rows })
  assert.equal(data.series.length, SERIES_MAX)
  assert.equal(data.series.at(-1)!.name, 'Others')
  assert.equal(data.total, 45)
  assert.equal(Object.values(data.days[1]!.values).reduce((a, b) => a + b), 45)
})

test('boxes of a day stand on each other, within the plot, whatever its width', () => {
  const data = salesDays({ ...options, rows: [row('a', '2026-10-31T05:00:00.000Z', 90), row('b', '2026-10-31T05:00:00.000Z', 1)] })
  for (const width of [240, 1120]) {
    const [low, high] = layOut(data, width).boxes[0]!
    assert.ok(high!.y + high!.height <= low!.y && high!.y >= PLOT.top && high!.height >= 1)
    assert.ok(low!.x >= PLOT.left && low!.x + low!.width <= width - PLOT.right)
  }
})

test('ticks are round, begin at nought and reach beyond the highest', () => {
  assert.deepEqual(linear(113, [100, 0]).ticks, [0, 30, 60, 90, 120])
  assert.deepEqual(linear(0, [100, 0]).ticks, [0, 1])
  assert.equal(linear(113, [100, 0])(120), 0)
  for (const at of [1, 2, 3, 7, 26, 99, 101, 2400]) assert.ok(roundStep(at) >= at && Number.isInteger(roundStep(at)))
  assert.ok(band(30, [0, 300])(29) + band(30, [0, 300]).bandwidth <= 300)
})
