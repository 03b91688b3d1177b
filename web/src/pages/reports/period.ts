// Which instants does a period of days stand for, in the event's time zone?
import { dayKey, offset } from '../../parts/format.ts'

/** `from` and `to` as the API takes them; null: from the beginning, or up to now. */
export interface Period {
  from: string | null
  to: string | null
}

export type Preset = 'today' | '7d' | '30d' | 'all'

const DAY_MS = 24 * 60 * 60 * 1000

/** The first instant of a day in that zone. A midnight that is skipped by a change of the clocks is
 * the instant right after the gap. */
export function startOfDay(day: string, timeZone: string): number {
  const wanted = Date.parse(`${day}T00:00:00Z`)
  // Offsets change by hours at most: what the zone shows near the wanted time gives both candidates.
  const candidates = [wanted - DAY_MS, wanted + DAY_MS].map((near) => wanted - offset(near, timeZone))
  const exact = candidates.filter((at) => at + offset(at, timeZone) === wanted)
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates)
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10)
}

function daysBefore(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - count * DAY_MS).toISOString().slice(0, 10)
}

/** The start of the day that is `back` days before that of `now`, by the clock there. */
export const dayStart = (now: number, back: number, timeZone: string): string =>
  new Date(startOfDay(daysBefore(dayKey(now, timeZone), back), timeZone)).toISOString()

/** Whole days up to and with today. */
export function presetPeriod(preset: Preset, now: number, timeZone: string): Period {
  if (preset === 'all') return { from: null, to: null }
  return { from: dayStart(now, { today: 0, '7d': 6, '30d': 29 }[preset], timeZone), to: null }
}

/** From the first instant of one day to the last of another. An empty or impossible day is open. */
export function daysPeriod(first: string, last: string, timeZone: string): Period {
  const isDay = (day: string) => /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day))
  return {
    from: isDay(first) ? new Date(startOfDay(first, timeZone)).toISOString() : null,
    to: isDay(last) ? new Date(startOfDay(nextDay(last), timeZone)).toISOString() : null,
  }
}
