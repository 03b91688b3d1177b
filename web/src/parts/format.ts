/** How do numbers, money and times read? In the event's zone, with its abbreviation. */
const LOCALE = 'en-US'

const cache = new Map<string, Intl.DateTimeFormat>()

function dates(options: Intl.DateTimeFormatOptions, locale = LOCALE): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options)
  let found = cache.get(key)
  if (!found) cache.set(key, (found = new Intl.DateTimeFormat(locale, options)))
  return found
}

const plain = new Intl.NumberFormat(LOCALE)
export const number = (value: number): string => plain.format(value)

const COUNT_MAX = 2147483647

/** A whole number as people write it and as number() does, 1200 or 1,200; null if it is none, or too large. */
export function countParse(text: string): number | null {
  const written = text.trim()
  const value = Number(written.replace(/[,\s]/g, ''))
  return /^(\d+|\d{1,3}([,\s]\d{3})+)$/.test(written) && value <= COUNT_MAX ? value : null
}

/** What a download is called: of what it is, and on which day, in letters that every disk takes. */
export const fileName = (of: readonly string[], timeZone: string, now: number | Date = Date.now()): string =>
  `${[...of, dayKey(now, timeZone)].join(' ').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-/, '')}.csv`

/** "1 ticket", "2 tickets". */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`

/** Sold as a share of the total: never 100% while one is left, never 0% when one is gone. */
export function percent(part: number, whole: number): string {
  if (whole <= 0) return '–'
  const exact = (part / whole) * 100
  if (exact > 0 && exact < 1) return '<1%'
  return `${exact < 100 ? Math.min(99, Math.round(exact)) : Math.round(exact)}%`
}

const monies = new Map<string, { whole: Intl.NumberFormat; full: Intl.NumberFormat; digits: number }>()

function moneyOf(currency: string) {
  let found = monies.get(currency)
  if (!found) {
    const full = new Intl.NumberFormat(LOCALE, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
    const whole = new Intl.NumberFormat(LOCALE, {
      style: 'currency', currency, currencyDisplay: 'narrowSymbol', maximumFractionDigits: 0,
    })
    monies.set(currency, (found = { whole, full, digits: full.resolvedOptions().maximumFractionDigits ?? 2 }))
  }
  return found
}

/** Minor units as people write them: "$1,264.50", and "$28" where there are no cents. */
export function money(minor: number, currency: string, cents: 'auto' | 'always' = 'auto'): string {
  const { whole, full, digits } = moneyOf(currency)
  const value = minor / 10 ** digits
  return (cents === 'auto' && Number.isInteger(value) ? whole : full).format(value)
}

/** What a ticket costs: "$28", or "Free". */
export const price = (minor: number, currency: string): string => minor === 0 ? 'Free' : money(minor, currency)

/** What a field of a price holds, "28" or "28.50", and back: null where it is no amount. */
export const moneyText = (minor: number, currency: string): string => {
  const { digits } = moneyOf(currency)
  const value = minor / 10 ** digits
  return Number.isInteger(value) ? String(value) : value.toFixed(digits)
}

export function moneyParse(text: string, currency: string): number | null {
  const { digits } = moneyOf(currency)
  const typed = text.trim()
  const isGrouped = digits < 3 && /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(typed)
  const found = /^(\d{1,10})(?:[.,](\d{1,4}))?$/.exec(isGrouped ? typed.replaceAll(',', '') : typed)
  const fraction = found?.[2] ?? ''
  if (!found || fraction.length > digits) return null
  return Number(found[1]) * 10 ** digits + Number(fraction.padEnd(digits, '0') || 0)
}

/** "Sat, Dec 5, 2026" */
export const date = (iso: string | number | Date, zone: string): string =>
  dates({ timeZone: zone, weekday: 'short', month: 'short', day: 'numeric', year: 'numeric' }).format(new Date(iso))

/** "Nov 14" */
export const day = (iso: string | number | Date, zone: string): string =>
  dates({ timeZone: zone, month: 'short', day: 'numeric' }).format(new Date(iso))

/** "8:00 PM" */
export const time = (iso: string | number | Date, zone: string): string =>
  dates({ timeZone: zone, hour: 'numeric', minute: '2-digit' }).format(new Date(iso))

/** "10:42:07 AM" */
export const clock = (iso: string | number | Date, zone: string): string =>
  dates({ timeZone: zone, hour: 'numeric', minute: '2-digit', second: '2-digit' }).format(new Date(iso))

// A zone's short name is known to the English of the countries that use it: CST to the American,
// CET to the British, AEDT to the Australian.
const SPEAKERS = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA']

/** "CST", "CET"; "GMT+5:45" where English has no name for it. */
export function zone(iso: string | number | Date, timeZone: string): string {
  let name = ''
  for (const locale of SPEAKERS) {
    const parts = dates({ timeZone, timeZoneName: 'short' }, locale).formatToParts(new Date(iso))
    const found = parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
    name ||= found
    if (!/^(GMT|UTC)[+-]/.test(found)) return found
  }
  return name
}

/** "America/Chicago" as people say it, for the title of an abbreviation. */
export const zoneTitle = (timeZone: string): string => timeZone.replaceAll('_', ' ')

/** "Nov 22, 10:42 AM"; with the year where it is another. */
export function moment(iso: string | number | Date, timeZone: string, now = Date.now()): string {
  const at = new Date(iso)
  const year = dates({ timeZone, year: 'numeric' })
  return dates({
    timeZone, month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit',
    ...(year.format(at) !== year.format(now) && { year: 'numeric' }),
  }).format(at)
}

/** "Nov 22, 10:42 AM CST" */
export const stamp = (iso: string | number | Date, timeZone: string, now = Date.now()): string =>
  `${moment(iso, timeZone, now)} ${zone(iso, timeZone)}`

/** Of what belongs to no event: the clock of the one who looks. */
export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone

/** The calendar day there, as "2026-11-22". */
export function dayKey(iso: string | number | Date, timeZone: string): string {
  return dates({ timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }, 'en-CA').format(new Date(iso))
}

/** In how many calendar days, seen from there: "today", "tomorrow", "in 13 days", "3 days ago". */
export function away(iso: string, timeZone: string, now: number | Date = Date.now()): string {
  const days = Math.round(
    (Date.parse(dayKey(iso, timeZone)) - Date.parse(dayKey(now, timeZone))) / 86_400_000)
  if (days === 0) return 'today'
  if (days === 1) return 'tomorrow'
  if (days === -1) return 'yesterday'
  return days > 0 ? `in ${plural(days, 'day')}` : `${plural(-days, 'day')} ago`
}

/** "4:52" of the time that is left. */
export function countdown(seconds: number): string {
  const left = Math.max(0, Math.floor(seconds))
  const minutes = Math.floor(left / 60) % 60, hours = Math.floor(left / 3600)
  const tail = `${String(left % 60).padStart(2, '0')}`
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`
}

/** The offset of a zone at an instant, in milliseconds east of UTC. */
export function offset(at: number, timeZone: string): number {
  const parts = Object.fromEntries(dates({
    timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit',
    hour: '2-digit', minute: '2-digit', second: '2-digit',
  }).formatToParts(new Date(at)).map((part) => [part.type, Number(part.value)]))
  const wall = Date.UTC(parts.year!, parts.month! - 1, parts.day!, parts.hour!, parts.minute!, parts.second!)
  return wall - Math.floor(at / 1000) * 1000
}

/** What a datetime-local field shows for an instant: the wall clock there, "2026-12-05T20:00". */
export function toWall(iso: string, timeZone: string): string {
  const at = Date.parse(iso)
  return new Date(at + offset(at, timeZone)).toISOString().slice(0, 16)
}

/** The instant that a wall clock there shows; the later one of a repeated hour's offset is not used. */
export function fromWall(text: string, timeZone: string): string | null {
  const wall = Date.parse(`${text}Z`)
  if (!text || Number.isNaN(wall)) return null
  const guess = wall - offset(wall, timeZone)
  return new Date(wall - offset(guess, timeZone)).toISOString()
}
