/** What has just happened: the newest entries of the log, as they come. */
import type { AuditEntry, Event, TicketType } from '../../app/model.ts'
import { clock, dayKey, moment, number } from '../../parts/format.ts'
import { Icon, type IconName } from '../../parts/icon.tsx'
import { EmptyState, Loaded, SkeletonRows } from '../../parts/states.tsx'
import type { Resource } from '../../app/resource.ts'

export const LATEST_MAX = 5

const VERBS: Record<AuditEntry['action'], { word: string; icon: IconName }> = {
  sale: { word: 'sold', icon: 'check' },
  reserve: { word: 'reserved', icon: 'hourglass' },
  release: { word: 'released', icon: 'clock' },
  increase: { word: 'added', icon: 'up' },
  decrease: { word: 'removed', icon: 'fall' },
  refund: { word: 'refunded', icon: 'refund' },
}

const KINDS = { user: 'Customer', staff: 'Staff', key: 'API key', system: 'Automatic' } as const
const CHANNELS = { online: 'online', box_office: 'box office', partner: 'partner', comp: 'free' } as const

/** Newest first, each once, no more than are shown. */
export function withNewest(known: readonly AuditEntry[], news: readonly AuditEntry[]): AuditEntry[] {
  const all = [...news, ...known.filter((one) => !news.some((other) => other.id === one.id))]
  return all.sort((a, b) => (a.created_at === b.created_at ? b.seq - a.seq : a.created_at < b.created_at ? 1 : -1)).slice(0, LATEST_MAX)
}

function about(entry: AuditEntry): string {
  return [
    entry.reason, entry.order_id && `Order ${entry.order_id}`,
    entry.channel && CHANNELS[entry.channel], entry.tender,
  ].filter(Boolean).join(' · ') || (entry.action === 'release' ? 'Not bought in time' : 'Checkout')
}

function when(iso: string, zone: string): string {
  return dayKey(iso, zone) === dayKey(Date.now(), zone) ? clock(iso, zone) : moment(iso, zone)
}

export function Latest({ event, types, log }: { event: Event; types: TicketType[]; log: Resource<AuditEntry[]> }) {
  const nameOf = (id: string): string => types.find((type) => type.id === id)?.name ?? ''
  return (
    <section class="card latest" aria-labelledby="latest-h">
      <header class="card-head">
        <h2 id="latest-h">Latest changes</h2>
        <a class="btn ghost sm" href={`/admin/events/${event.id}/audit-log`}>Audit log</a>
      </header>
      <Loaded resource={log} skeleton={<SkeletonRows rows={LATEST_MAX} height="56px" />}>
        {(entries) => entries.length === 0 ? <EmptyState icon="log">Nothing has happened yet.</EmptyState> : (
          <ol class="feed">
            {entries.map((entry) => (
              <li key={entry.id}>
                <span class={`dot ${entry.action}`}><Icon name={VERBS[entry.action].icon} size={15} /></span>
                <div>
                  <p><b>{number(entry.quantity)} {VERBS[entry.action].word}</b> · {nameOf(entry.ticket_type_id)}</p>
                  <small>{about(entry)}</small>
                  <small>{entry.actor.name ?? KINDS[entry.actor.kind]} · <time dateTime={entry.created_at}>{when(entry.created_at, event.time_zone)}</time></small>
                </div>
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </section>
  )
}

