/** What is a bucket of time called, in the event's zone? */
import { date, day, time } from '../../parts/format.ts'

export type Interval = 'hour' | 'day' | 'week'

export function bucketName(from: string, interval: Interval, zone: string): string {
  if (interval === 'hour') return `${day(from, zone)}, ${time(from, zone)}`
  return interval === 'day' ? date(from, zone) : `Week of ${day(from, zone)}`
}
