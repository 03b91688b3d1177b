/** What is a bucket of time called, in the event's zone? */
import { date, day, stamp, time } from '../../parts/format.ts'

export type Interval = 'hour' | 'day' | 'week'

export function bucketName(from: string, interval: Interval, zone: string): string {
  if (interval === 'hour') return stamp(from, zone)
  return interval === 'day' ? date(from, zone) : `Week of ${day(from, zone)}`
}

/** The same where there is little room. */
export const bucketTick = (from: string, interval: Interval, zone: string): string =>
  interval === 'hour' ? `${day(from, zone)}, ${time(from, zone)}` : day(from, zone)
