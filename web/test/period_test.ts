import assert from 'node:assert/strict'
import { test } from 'node:test'

import { dayKey } from '../src/parts/format.ts'
import { daysPeriod, presetPeriod, startOfDay } from '../src/pages/reports/period.ts'

const iso = (ms: number) => new Date(ms).toISOString()

test('a day begins at its own midnight, whatever the zone', () => {
  assert.equal(iso(startOfDay('2026-11-22', 'UTC')), '2026-11-22T00:00:00.000Z')
  assert.equal(iso(startOfDay('2026-11-22', 'America/Chicago')), '2026-11-22T06:00:00.000Z')
  assert.equal(iso(startOfDay('2026-07-01', 'America/Chicago')), '2026-07-01T05:00:00.000Z')
  assert.equal(iso(startOfDay('2026-11-22', 'Asia/Kathmandu')), '2026-11-21T18:15:00.000Z')
  assert.equal(iso(startOfDay('2026-11-22', 'Pacific/Auckland')), '2026-11-21T11:00:00.000Z')
})

test('the days on which the clocks change have 23 and 25 hours', () => {
  const hours = (first: string, next: string) =>
    (startOfDay(next, 'Europe/Berlin') - startOfDay(first, 'Europe/Berlin')) / 3_600_000
  assert.equal(hours('2026-03-29', '2026-03-30'), 23)
  assert.equal(hours('2026-10-25', '2026-10-26'), 25)
})

test('a day whose midnight is skipped begins right after the gap', () => {
  assert.equal(iso(startOfDay('2018-11-04', 'America/Sao_Paulo')), '2018-11-04T03:00:00.000Z')
  assert.equal(dayKey(Date.parse('2018-11-04T03:00:00Z'), 'America/Sao_Paulo'), '2018-11-04')
})

test('a day whose midnight comes twice begins at the first', () => {
  assert.equal(iso(startOfDay('2026-11-01', 'America/Havana')), '2026-11-01T04:00:00.000Z')
})

test('the last 7 days are today and the six before it', () => {
  const now = Date.parse('2026-11-22T03:00:00Z') // still the 21st in Chicago
  assert.deepEqual(presetPeriod('7d', now, 'America/Chicago'), {
    from: '2026-11-15T06:00:00.000Z',
    to: null,
  })
})

test('a period of days ends with the last instant of its last day', () => {
  assert.deepEqual(daysPeriod('2026-11-20', '2026-11-20', 'UTC'), {
    from: '2026-11-20T00:00:00.000Z',
    to: '2026-11-21T00:00:00.000Z',
  })
  assert.deepEqual(daysPeriod('', 'nonsense', 'UTC'), { from: null, to: null })
})
