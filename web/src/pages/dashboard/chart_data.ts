/** What stands in which column? Days of a report, stacked by ticket type; pure arithmetic. */
import type { AuditEntry, SalesRow } from '../../app/model.ts'
import { dayKey, fromWall } from '../../parts/format.ts'
import { band, linear } from '../../parts/scale.ts'

/** As many colours as the eye tells apart; what is beyond them is one series. */
export const SERIES_MAX = 6

export interface Series { key: string; name: string; class: string }
export interface Day { key: string; at: string; values: Record<string, number>; total: number; added: Added[] }
export interface Added { quantity: number; name: string }
export interface SalesDays { series: Series[]; days: Day[]; total: number; highest: number }

interface Named { id: string; name: string }

/** Every calendar day from one instant to another, also those on which nothing was sold. */
export function calendar(from: string, to: string, zone: string): string[] {
  const keys: string[] = []
  const last = dayKey(Date.parse(to) - 1, zone)
  let at = Date.parse(`${dayKey(from, zone)}T12:00:00Z`)
  for (;;) {
    const key = new Date(at).toISOString().slice(0, 10)
    if (key > last) return keys
    keys.push(key)
    at += 86_400_000
  }
}

function seriesOf(types: readonly Named[], rows: readonly SalesRow[]): { series: Series[]; keyOf: Map<string, string> } {
  const sold = new Map<string, number>()
  for (const row of rows) {
    const id = row.ticket_type_id ?? ''
    sold.set(id, (sold.get(id) ?? 0) + row.tickets_sold)
  }
  const present = types.filter((type) => (sold.get(type.id) ?? 0) > 0)
  const own = present.length <= SERIES_MAX ? present
    : [...present].sort((a, b) => sold.get(b.id)! - sold.get(a.id)!).slice(0, SERIES_MAX - 1)
  const series = own.map((type, i) => ({ key: type.id, name: type.name, class: `s${i + 1}` }))
  if (own.length < present.length) series.push({ key: 'others', name: 'Others', class: `s${SERIES_MAX}` })
  const keyOf = new Map(present.map((type) => [type.id, own.includes(type) ? type.id : 'others']))
  return { series, keyOf }
}

/** The initial inventory is no addition. */
const isAddition = (entry: AuditEntry): boolean =>
  entry.action === 'increase' && !(entry.seq === 1 && entry.previous_total === 0)

export function salesDays(options: {
  types: readonly Named[]
  rows: readonly SalesRow[]
  increases: readonly AuditEntry[]
  from: string
  to: string
  zone: string
}): SalesDays {
  const { types, rows, zone } = options
  const { series, keyOf } = seriesOf(types, rows)
  const days = calendar(options.from, options.to, zone).map((key): Day =>
    ({ key, at: fromWall(`${key}T12:00`, zone)!, values: {}, total: 0, added: [] }))
  const byKey = new Map(days.map((day) => [day.key, day]))
  let total = 0
  for (const row of rows) {
    const day = byKey.get(dayKey(row.from ?? '', zone)), key = keyOf.get(row.ticket_type_id ?? '')
    if (!day || !key) continue
    day.values[key] = (day.values[key] ?? 0) + row.tickets_sold
    day.total += row.tickets_sold
    total += row.tickets_sold
  }
  const names = new Map(types.map((type) => [type.id, type.name]))
  for (const entry of options.increases.filter(isAddition)) {
    byKey.get(dayKey(entry.created_at, zone))?.added.push(
      { quantity: entry.quantity, name: names.get(entry.ticket_type_id) ?? '' })
  }
  return { series, days, total, highest: Math.max(0, ...days.map((day) => day.total)) }
}

export const PLOT = { height: 236, left: 36, right: 6, top: 26, bottom: 24 }

export interface Box { series: Series; x: number; y: number; width: number; height: number }

/** Where everything stands in a picture of this width. */
export function layOut(data: SalesDays, width: number) {
  const x = band(data.days.length, [PLOT.left, width - PLOT.right])
  const y = linear(data.highest, [PLOT.height - PLOT.bottom, PLOT.top])
  const boxes = data.days.map((day, i) => {
    let below = 0
    return data.series.flatMap((series): Box[] => {
      const value = day.values[series.key] ?? 0
      if (value === 0) return []
      const foot = y(below), top = y((below += value))
      // A pixel of air between neighbours, but never nothing at all.
      return [{ series, x: x(i), y: top, width: x.bandwidth, height: Math.max(1, foot - top - 1) }]
    })
  })
  return { x, y, boxes }
}
