import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  away, countdown, countParse, fileName, fromWall, money, moneyParse, moneyText, number, percent, plural, time, toWall, zone,
} from '../src/parts/format.ts'

const CHICAGO = 'America/Chicago'

test('a share never says all while one is left, nor nothing once one is gone', () => {
  assert.equal(percent(1, 1000), '<1%')
  assert.equal(percent(999, 1000), '99%')
  assert.equal(percent(1000, 1000), '100%')
  assert.equal(percent(0, 1000), '0%')
  assert.equal(percent(0, 0), '–')
})

test('money leaves out cents where there are none, and knows currencies without any', () => {
  assert.equal(money(2800, 'USD'), '$28')
  assert.equal(money(126450, 'USD'), '$1,264.50')
  assert.equal(money(2800, 'USD', 'always'), '$28.00')
  assert.equal(money(2800, 'JPY'), '¥2,800')
})

test('an amount is read as it is written, and nothing else is an amount', () => {
  for (const [text, minor] of [['28', 2800], ['28.5', 2850], ['28,50', 2850], [' 0 ', 0]] as const) {
    assert.equal(moneyParse(text, 'USD'), minor)
  }
  for (const text of ['', '28.505', '-1', '1e3', '2 8', '28.']) assert.equal(moneyParse(text, 'USD'), null, text)
  assert.equal(moneyParse('28.5', 'JPY'), null)
  assert.equal(moneyText(2850, 'USD'), '28.50')
  assert.equal(moneyText(2800, 'USD'), '28')
})

test('a zone is abbreviated as its own people do, in winter and in summer', () => {
  assert.equal(zone('2026-12-05T12:00:00.000Z', CHICAGO), 'CST')
  assert.equal(zone('2026-07-05T12:00:00.000Z', CHICAGO), 'CDT')
  assert.equal(zone('2026-12-05T12:00:00.000Z', 'Europe/Berlin'), 'CET')
  assert.equal(zone('2026-12-05T12:00:00.000Z', 'Australia/Sydney'), 'AEDT')
})

test('a wall clock goes to its instant and back, across the change of the clocks', () => {
  for (const wall of ['2026-12-05T20:00', '2026-07-05T20:00', '2026-11-01T03:30', '2026-03-08T04:00']) {
    assert.equal(toWall(fromWall(wall, CHICAGO)!, CHICAGO), wall)
  }
  assert.equal(fromWall('2026-12-05T20:00', CHICAGO), '2026-12-06T02:00:00.000Z')
  assert.equal(fromWall('', CHICAGO), null)
})

test('days are counted by the calendar of the place, not by 24 hours', () => {
  const lateEvening = Date.parse('2026-12-05T05:30:00.000Z') // 11:30 PM of the 4th there
  assert.equal(away('2026-12-05T07:00:00.000Z', CHICAGO, lateEvening), 'tomorrow')
  assert.equal(away('2026-12-05T05:45:00.000Z', CHICAGO, lateEvening), 'today')
  assert.equal(away('2026-12-18T02:00:00.000Z', CHICAGO, lateEvening), 'in 13 days')
  assert.equal(away('2026-12-03T12:00:00.000Z', CHICAGO, lateEvening), 'yesterday')
})

test('numbers, counts and the time left read as people write them', () => {
  assert.equal(number(2147483647), '2,147,483,647')
  assert.equal(plural(1, 'ticket'), '1 ticket')
  assert.equal(plural(0, 'ticket'), '0 tickets')
  assert.equal(countdown(292), '4:52')
  assert.equal(countdown(-1), '0:00')
  assert.equal(countdown(3661), '1:01:01')
  assert.match(time('2026-12-06T02:00:00.000Z', CHICAGO), /^8:00\sPM$/)
})

test('a count is read as it is written, and a fraction is none', () => {
  assert.equal(countParse('1,200'), 1200)
  assert.equal(countParse(' 1\u202f200 '), 1200)
  assert.equal(countParse('0'), 0)
  assert.equal(countParse('2147483647'), 2147483647)
  for (const none of ['', '1,5', '1.5', '-1', '12,00', '2147483648', 'ten']) assert.equal(countParse(none), null, none)
})

test('a download says what it is of, and on which day of the event', () => {
  const late = Date.parse('2026-11-23T03:00:00Z')
  assert.equal(fileName(["New Year's Eve: Ball/Bal", 'Sales over time'], CHICAGO, late), 'new-year-s-eve-ball-bal-sales-over-time-2026-11-22.csv')
  assert.equal(fileName(['', 'Audit log'], 'UTC', late), 'audit-log-2026-11-23.csv')
})

test('an amount is read as money() writes it, its thousands parted by commas', () => {
  assert.equal(moneyParse('1,250.50', 'USD'), 125050)
  assert.equal(moneyParse('1,250', 'USD'), 125000)
  assert.equal(moneyParse('12,50', 'EUR'), 1250)
  assert.equal(moneyParse('1,200', 'JPY'), 1200)
  assert.equal(moneyParse('1,250', 'KWD'), 1250)
  assert.equal(moneyParse('12,5000', 'USD'), null)
})
