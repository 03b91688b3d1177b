/** How full is the house, over all channels, and what was sold elsewhere just now? */
import { effect, signal } from '@preact/signals'
import { counts, countsOf } from '../../app/live.ts'
import type { AuditEntry, Channel, TicketType } from '../../app/model.ts'
import { Bar } from '../../parts/bar.tsx'
import { number } from '../../parts/format.ts'
import { Icon } from '../../parts/icon.tsx'
import { keysOn, turnKeys } from './keys.ts'

/** What is told of a change; a cashier may not follow the log and learns of sales by the counts. */
export interface News { type: string; quantity: number; action: 'sale' | 'refund' | 'increase'; channel: Channel | null; at: number }
const WHERE: Record<Channel, string> = {
  online: 'sold online', box_office: 'sold at the box office', partner: 'sold by a partner', comp: 'given for free',
}

export const news = signal<News | null>(null)

export function tell(entry: AuditEntry, at: number): void {
  const { action, quantity, channel, ticket_type_id: type } = entry
  if (action === 'sale' || action === 'refund' || action === 'increase') news.value = { type, quantity, action, channel, at }
}

/** Tells of what the counts say was sold, from now on; answers how to stop. */
export function tellByCounts(): () => void {
  let before = new Map<string, number>()
  return effect(() => {
    const known = counts.value
    for (const [type, { sold }] of known) {
      const was = before.get(type)
      if (was !== undefined && sold > was) {
        news.value = { type, quantity: sold - was, action: 'sale', channel: null, at: Date.now() }
      }
    }
    before = new Map([...known].map(([type, { sold }]) => [type, sold]))
  })
}

/** "8 seconds ago" by this screen's clock, from when the news came in. */
function ago(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000)), minutes = Math.floor(seconds / 60)
  if (minutes >= 60) return 'over an hour ago'
  const [n, unit] = minutes ? [minutes, 'minute'] : [seconds, 'second']
  return `${n} ${unit}${n === 1 ? '' : 's'} ago`
}

function said({ action, channel }: News): string {
  if (action === 'increase') return 'added'
  if (action === 'refund') return 'refunded'
  return channel ? WHERE[channel] : 'sold'
}

export function House({ types, now }: { types: TicketType[]; now: number }) {
  const sum = { total: 0, sold: 0, reserved: 0, available: 0 }
  for (const type of types) {
    const state = countsOf(type)
    for (const name of ['total', 'sold', 'reserved', 'available'] as const) sum[name] += state[name]
  }
  const latest = news.value
  const name = latest && types.find((type) => type.id === latest.type)?.name
  return (
    <section class="house" aria-label="Live inventory, all channels">
      <dl>
        <div><dt>Sold</dt><dd>{number(sum.sold)}</dd></div>
        <div><dt>Reserved</dt><dd>{number(sum.reserved)}</dd></div>
        <div><dt>Left</dt><dd>{number(sum.available)}</dd></div>
      </dl>
      <Bar counts={sum} label="All ticket types" />
      <div class="house-foot">
        <p>{latest && name
          ? <><Icon name={latest.action === 'sale' ? 'check' : latest.action === 'refund' ? 'refund' : 'up'} size={16} />
            <span class="told"><b>{number(latest.quantity)} {name}</b> {said(latest)} {ago(now - latest.at)}</span></>
          : <span>Nothing has been sold since you opened this page.</span>}</p>
        <p class="hints">
          {keysOn.value && <span><kbd>1</kbd>–<kbd>9</kbd> add <kbd>⌫</kbd> remove <kbd>C</kbd> cash <kbd>K</kbd> card <kbd>Esc</kbd> clear</span>}
          <button type="button" aria-pressed={keysOn.value} onClick={turnKeys}>{keysOn.value ? 'Turn keys off' : 'Turn keys on'}</button>
        </p>
      </div>
    </section>
  )
}
