/** What has just happened: the newest entries of the log, as they come. */
import type { AuditEntry, Event, TicketType } from '../../app/model.ts'
import { clock, dayKey, moment, number } from '../../parts/format.ts'
import { Icon, type IconName } from '../../parts/icon.tsx'
import { EmptyState, Loaded, SkeletonRows } from '../../parts/states.tsx'
import { Zone } from '../../parts/zoned.tsx'
import type { Resource } from '../../app/resource.ts'
import { entryVerb } from '../audit_log/entry_words.ts'
import { PLACES, actorName } from '../audit_log/names.ts'

export const LATEST_MAX = 5

const ICONS: Record<AuditEntry['action'], IconName> = {
  sale: 'check', reserve: 'hourglass', release: 'clock', increase: 'up', decrease: 'fall', refund: 'refund',
}

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
  ].filter(Boolean).join(' · ') || (entry.effective_at ? 'Not bought in time' : PLACES[entry.actor.kind])
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
                <span class={`dot ${entry.action}`}><Icon name={ICONS[entry.action]} size={15} /></span>
                <div>
                  <p><b>{number(entry.quantity)} {entryVerb(entry)}</b> · {nameOf(entry.ticket_type_id)}</p>
                  <small>{about(entry)}</small>
                  <small>{actorName(entry.actor)} · <time dateTime={entry.created_at}>{when(entry.created_at, event.time_zone)}</time> <Zone at={entry.created_at} zone={event.time_zone} /></small>
                </div>
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </section>
  )
}

