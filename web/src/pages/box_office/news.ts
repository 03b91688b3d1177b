/** What was sold elsewhere just now? The newest sale, refund or increase, with all its ticket types. */
import { effect, signal } from '@preact/signals'
import { counts, liveState } from '../../app/live.ts'
import type { AuditEntry, Channel } from '../../app/model.ts'

export interface News {
  /** What came in one piece has one: its entries follow each other. */
  of: string
  lines: { type: string; quantity: number }[]
  action: 'sale' | 'refund' | 'increase'
  channel: Channel | null
  at: number
}

export const news = signal<News | null>(null)

/** Counts are told at most five times a second for each type: those of one sale come within so long. */
const TOGETHER_MS = 300

/** One more line of the same sale, or news that put the last ones away. */
export function joined(before: News | null, next: News): News {
  if (before?.of !== next.of || before.action !== next.action) return next
  const [line] = next.lines, known = before.lines.find((one) => one.type === line!.type)
  const lines = known
    ? before.lines.map((one) => one === known ? { ...one, quantity: one.quantity + line!.quantity } : one)
    : [...before.lines, line!]
  return { ...before, lines }
}

export function tell(entry: AuditEntry, at: number): void {
  const { action, quantity, channel, ticket_type_id: type, order_id } = entry
  if (action !== 'sale' && action !== 'refund' && action !== 'increase') return
  news.value = joined(news.peek(), { of: order_id ?? entry.id, lines: [{ type, quantity }], action, channel, at })
}

/** A cashier may not follow the log and learns of sales by the counts; answers how to stop. What a line says
 * first is how it stands, sold whenever. */
export function tellByCounts(): () => void {
  let before = new Map<string, number>(), last = counts.peek()
  return effect(() => {
    const known = counts.value
    if (liveState.value !== 'live') before = new Map()
    if (known === last) return
    last = known
    for (const [type, { sold }] of known) {
      const was = before.get(type), at = Date.now(), latest = news.peek()
      if (was === undefined || sold <= was) continue
      const of = latest && at - latest.at < TOGETHER_MS ? latest.of : String(at)
      news.value = joined(latest, { of, lines: [{ type, quantity: sold - was }], action: 'sale', channel: null, at })
    }
    before = new Map([...known].map(([type, { sold }]) => [type, sold]))
  })
}
