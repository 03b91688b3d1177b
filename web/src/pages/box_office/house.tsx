/** How full is the house, over all channels, and what was sold elsewhere just now? */
import { signal } from '@preact/signals'
import { countsOf } from '../../app/live.ts'
import type { AuditEntry, Channel, TicketType } from '../../app/model.ts'
import { Bar } from '../../parts/bar.tsx'
import { number } from '../../parts/format.ts'
import { Icon } from '../../parts/icon.tsx'
import { keysOn, turnKeys } from './keys.ts'

export interface News { entry: AuditEntry; at: number }
const WHERE: Record<Channel, string> = {
  online: 'sold online', box_office: 'sold at the box office', partner: 'sold by a partner', comp: 'given for free',
}

export const news = signal<News | null>(null)

export function tell(entry: AuditEntry, now: number): void {
  if (entry.action === 'sale' || entry.action === 'refund' || entry.action === 'increase') news.value = { entry, at: now }
}

/** "8 seconds ago" by this screen's clock, from when the news came in. */
function ago(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000)), minutes = Math.floor(seconds / 60)
  if (minutes >= 60) return 'over an hour ago'
  const [n, unit] = minutes ? [minutes, 'minute'] : [seconds, 'second']
  return `${n} ${unit}${n === 1 ? '' : 's'} ago`
}

function said({ entry }: News): string {
  if (entry.action === 'increase') return 'added'
  if (entry.action === 'refund') return 'refunded'
  return entry.channel ? WHERE[entry.channel] : 'sold'
}

export function House({ types, now }: { types: TicketType[]; now: number }) {
  const sum = { total: 0, sold: 0, reserved: 0, available: 0 }
  for (const type of types) {
    const counts = countsOf(type)
    for (const name of ['total', 'sold', 'reserved', 'available'] as const) sum[name] += counts[name]
  }
  const latest = news.value
  const name = latest && types.find((type) => type.id === latest.entry.ticket_type_id)?.name
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
          ? <><Icon name={latest.entry.action === 'sale' ? 'check' : latest.entry.action === 'refund' ? 'refund' : 'up'} size={16} />
            <span><b>{number(latest.entry.quantity)} {name}</b> {said(latest)} {ago(now - latest.at)}</span></>
          : <span>Nothing has been sold since you opened this page.</span>}</p>
        <p class="hints">
          {keysOn.value && <span><kbd>1</kbd>–<kbd>9</kbd> add <kbd>⌫</kbd> remove <kbd>C</kbd> cash <kbd>K</kbd> card <kbd>Esc</kbd> clear</span>}
          <button type="button" aria-pressed={keysOn.value} onClick={turnKeys}>{keysOn.value ? 'Turn keys off' : 'Turn keys on'}</button>
        </p>
      </div>
    </section>
  )
}
