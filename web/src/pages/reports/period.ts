// Which instants does a period of days stand for, in the event's time zone?

/** `from` and `to` as the API takes them; null: from the beginning, or up to now. */
export interface Period {
  from: string | null
  to: string | null
}

export type Preset = 'today' | '7d' | '30d' | 'all'

const DAY_MS = 24 * 60 * 60 * 1000

/** What a clock in that zone shows at this instant, as if it were UTC. */
function wallClockMs(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant)
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0)
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
}

/** `2026-11-22` in that zone, the day that holds this instant. */
export function dayOf(instant: number, timeZone: string): string {
  return new Date(wallClockMs(instant, timeZone)).toISOString().slice(0, 10)
}

/** The first instant of a day in that zone. A midnight that is skipped by a change of the clocks is
 * the instant right after the gap. */
export function startOfDay(day: string, timeZone: string): number {
  const wanted = Date.parse(`${day}T00:00:00Z`)
  // Offsets change by hours at most: what the zone shows near the wanted time gives both candidates.
  const candidates = [wanted - DAY_MS, wanted + DAY_MS].map(
    (near) => wanted - (wallClockMs(near, timeZone) - near),
  )
  const exact = candidates.filter((at) => wallClockMs(at, timeZone) === wanted)
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates)
}

export function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10)
}

function daysBefore(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - count * DAY_MS).toISOString().slice(0, 10)
}

/** Whole days up to and with today. */
export function presetPeriod(preset: Preset, now: number, timeZone: string): Period {
  if (preset === 'all') return { from: null, to: null }
  const today = dayOf(now, timeZone)
  const back = { today: 0, '7d': 6, '30d': 29 }[preset]
  return { from: new Date(startOfDay(daysBefore(today, back), timeZone)).toISOString(), to: null }
}

/** From the first instant of one day to the last of another. An empty or impossible day is open. */
export function daysPeriod(first: string, last: string, timeZone: string): Period {
  const isDay = (day: string) => /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day))
  return {
    from: isDay(first) ? new Date(startOfDay(first, timeZone)).toISOString() : null,
    to: isDay(last) ? new Date(startOfDay(nextDay(last), timeZone)).toISOString() : null,
  }
}
