// An audit entry in words: what happened, and which counts it moved. Pure.

export interface EntryCounts {
  action: string
  quantity: number
  disposition: string | null
  effective_at: string | null
  previous_total: number
  new_total: number
  previous_sold: number
  new_sold: number
  previous_reserved: number
  new_reserved: number
}

/** "2 sold", "100 added": the verb that people use. */
export function entryVerb(entry: EntryCounts): string {
  switch (entry.action) {
    case 'increase':
      return 'added'
    case 'decrease':
      return 'removed'
    case 'reserve':
      return 'reserved'
    case 'release':
      return entry.effective_at === null ? 'released' : 'expired'
    case 'sale':
      return 'sold'
    case 'refund':
      return entry.disposition === 'void' ? 'refunded, taken out' : 'refunded'
    default:
      return entry.action
  }
}

export interface Movement {
  name: 'Total' | 'Sold' | 'Reserved' | 'Available'
  before: number
  after: number
}

/** The counts that this entry moved, available last. */
export function movements(entry: EntryCounts): Movement[] {
  const all: Movement[] = [
    { name: 'Total', before: entry.previous_total, after: entry.new_total },
    { name: 'Sold', before: entry.previous_sold, after: entry.new_sold },
    { name: 'Reserved', before: entry.previous_reserved, after: entry.new_reserved },
    {
      name: 'Available',
      before: entry.previous_total - entry.previous_sold - entry.previous_reserved,
      after: entry.new_total - entry.new_sold - entry.new_reserved,
    },
  ]
  return all.filter(({ before, after }) => before !== after)
}
