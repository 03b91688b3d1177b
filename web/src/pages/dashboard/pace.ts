/** When is it sold out, if it goes on like this? */
import { dayKey, day, time } from '../../parts/format.ts'

/** Sales are looked back on for this long. */
export const PACE_DAYS = 3
const DAY_MS = 86_400_000

/** Further away than this a pace says nothing. */
const HORIZON_MS = 21 * DAY_MS

/** The instant at which `available` are gone at the pace of `sold` in PACE_DAYS; null if there is no telling. */
export function sellsOutAt(available: number, sold: number, now: number): number | null {
  if (available <= 0 || sold <= 0) return null
  const left = (available / sold) * PACE_DAYS * DAY_MS
  return left > HORIZON_MS ? null : now + left
}

/** "today around 2 PM", "tomorrow around 2 PM", "around Nov 28". */
export function around(at: number, zone: string, now: number): string {
  const days = Math.round((Date.parse(dayKey(at, zone)) - Date.parse(dayKey(now, zone))) / DAY_MS)
  if (days > 1) return `around ${day(at, zone)}`
  const hour = time(Math.round(at / 3_600_000) * 3_600_000, zone).replace(':00', '')
  return `${days === 0 ? 'today' : 'tomorrow'} around ${hour}`
}
