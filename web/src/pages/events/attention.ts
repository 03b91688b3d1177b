/** What of an event wants somebody's eye, in a word? */
import type { Counts, TicketType } from '../../app/model.ts'

/** At or under a tenth of the total, and at most this many, is low. */
const LOW_SHARE = 0.1
const LOW_MAX = 50

export const isLow = (counts: Pick<Counts, 'available' | 'total'>): boolean =>
  counts.available > 0 && counts.available <= LOW_MAX && counts.available <= counts.total * LOW_SHARE

/** Whether the public could take one now, seen from the type's own dates. */
export function isOnSale(type: Pick<TicketType, 'archived_at' | 'sales_start' | 'sales_end'>, now: number): boolean {
  if (type.archived_at) return false
  if (type.sales_start && Date.parse(type.sales_start) > now) return false
  return !type.sales_end || Date.parse(type.sales_end) > now
}

/** The types that are low or gone while they are on sale, the scarcest first. */
export function scarce(types: readonly TicketType[], now: number): { low: TicketType[]; gone: TicketType[] } {
  const selling = types.filter((type) => isOnSale(type, now))
  return {
    low: selling.filter((type) => isLow(type.counts)).sort((a, b) => a.counts.available - b.counts.available),
    gone: selling.filter((type) => type.counts.total > 0 && type.counts.available === 0),
  }
}
