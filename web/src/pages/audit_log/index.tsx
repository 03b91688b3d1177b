/** The audit log: who changed which count, when and why. The filters are the address; what was written
 * meanwhile waits behind a button, so that no row moves away under a finger. */
import { useComputed, useSignal } from '@preact/signals'
import { get, type Query } from '../../app/api.ts'
import { useLive } from '../../app/live.ts'
import type { AuditEntry, Event, Inventory, Page } from '../../app/model.ts'
import { useResource } from '../../app/resource.ts'
import { query } from '../../app/router.tsx'
import { Button } from '../../parts/button.tsx'
import { csvAddress } from '../../parts/csv.ts'
import { number, plural } from '../../parts/format.ts'
import { Icon } from '../../parts/icon.tsx'
import { EmptyState, ErrorNote, Loaded, SkeletonRows } from '../../parts/states.tsx'
import { DataTable, type Column } from '../../parts/table.tsx'
import { Moment } from '../../parts/zoned.tsx'
import { EntryDialog } from './entry_dialog.tsx'
import { entryVerb, movements } from './entry_words.ts'
import { LogFilters } from './filters.tsx'
import { namesOf, type Names } from './names.ts'

const ROWS = 50

/** The filters of the API that the address may carry, under the API's own names. */
const FILTERS = ['ticket_type_id', 'action', 'channel', 'tender', 'actor', 'order_id', 'from', 'to', 'q'] as const

const matches = (entry: AuditEntry, filters: Query): boolean =>
  (!filters.ticket_type_id || entry.ticket_type_id === filters.ticket_type_id) &&
  (!filters.action || entry.action === filters.action) &&
  (!filters.channel || entry.channel === filters.channel) &&
  (!filters.tender || entry.tender === filters.tender) &&
  (!filters.actor || (entry.actor.id ?? 'system') === filters.actor) &&
  (!filters.order_id || entry.order_id === filters.order_id) &&
  (!filters.to || entry.created_at < String(filters.to)) &&
  (!filters.q || `${entry.reason ?? ''} ${entry.order_id ?? ''}`.toLowerCase().includes(String(filters.q).toLowerCase()))

function columns(names: Names, showEvent: boolean): Column<AuditEntry>[] {
  return [
    { head: 'When', cell: (entry) => <Moment at={entry.created_at} zone={names.zone(entry.event_id)} /> },
    {
      head: 'What', heading: true, cell: (entry) => (
        <><b>{number(entry.quantity)} {entryVerb(entry)}</b><small>{names.type(entry.ticket_type_id)}
          {showEvent && ` · ${names.event(entry.event_id)}`}</small></>
      ),
    },
    {
      head: 'Before → after', cell: (entry) => movements(entry).map((one) => (
        <span class="movement" key={one.name}>{one.name} {number(one.before)} → <b>{number(one.after)}</b></span>
      )),
    },
    { head: 'Who', cell: (entry) => names.actor(entry.actor), optional: true },
    {
      head: 'Why', class: 'wrap', optional: true,
      cell: (entry) => <>{entry.reason ?? '–'}{entry.order_id && <small>Order {entry.order_id}</small>}</>,
    },
  ]
}

interface Known { names: Names; eventIds: string[] }

async function known(eventId: string | undefined, signal: AbortSignal): Promise<Known> {
  if (eventId) {
    const inventory = await get<Inventory>(`/v1/events/${eventId}/inventory`, {}, signal)
    return { names: namesOf([inventory.event], inventory.ticket_types), eventIds: [eventId] }
  }
  const events = (await get<Page<Event>>('/v1/events', { limit: 200 }, signal)).data
  return { names: namesOf(events, []), eventIds: [] }
}

export function AuditLogPage({ eventId }: { eventId?: string }) {
  const filters: Query = { event_id: eventId }
  for (const name of FILTERS) filters[name] = query.value.get(name)
  const key = JSON.stringify(filters)

  const context = useResource((signal) => known(eventId, signal), [eventId])
  const more = useSignal<AuditEntry[]>([])
  const cursor = useSignal<string | null>(null)
  const moreError = useSignal<unknown>(null)
  const fresh = useSignal(0)
  const shown = useSignal<AuditEntry | null>(null)
  const first = useResource(async (signal) => {
    const page = await get<Page<AuditEntry>>('/v1/audit-log', { ...filters, limit: ROWS }, signal)
    more.value = []
    cursor.value = page.next_cursor
    fresh.value = 0
    return page.data
  }, [key])
  const rows = useComputed(() => [...(first.data.value ?? []), ...more.value])

  useLive({
    eventIds: eventId ? [eventId] : [],
    onAudit: (entry) => {
      const now: Query = { ...filters }
      for (const name of FILTERS) now[name] = query.peek().get(name)
      if (matches(entry, now) && !rows.peek().some((one) => one.id === entry.id)) fresh.value++
    },
  })

  const loadMore = async () => {
    try {
      const page = await get<Page<AuditEntry>>('/v1/audit-log', { ...filters, limit: ROWS, cursor: cursor.value })
      more.value = [...more.value, ...page.data]
      cursor.value = page.next_cursor
      moreError.value = null
    } catch (error) {
      moreError.value = error
    }
  }

  return (
    <>
      <header class="page-head">
        <div><h1>Audit log</h1><p class="sub">Every change of a count, and why.</p></div>
        <a class="btn plain" href={csvAddress('/v1/audit-log', filters)} download="audit-log.csv">
          <Icon name="download" />CSV
        </a>
      </header>
      <Loaded resource={context} skeleton={<SkeletonRows rows={2} />}>
        {({ names }) => (
          <>
            <LogFilters names={names} eventId={eventId} />
            <section class="card" aria-label="Entries">
              {fresh.value > 0 && (
                <Button class="fresh" icon="up" onClick={() => void first.reload()}>
                  {plural(fresh.value, 'new row')}
                </Button>
              )}
              <Loaded resource={first} skeleton={<SkeletonRows rows={12} />}>
                {() => rows.value.length === 0
                  ? <EmptyState icon="log">Nothing was written that fits these filters.</EmptyState>
                  : (
                    <DataTable label="Audit log" rows={rows.value} keyOf={(entry) => entry.id}
                      columns={[...columns(names, !eventId), {
                        head: <span class="vh">Details</span>, align: 'right', cell: (entry) => (
                          <Button kind="ghost" size="small" onClick={() => { shown.value = entry }}
                            aria-label={`Details of entry ${entry.seq}`}>Details</Button>
                        ),
                      }]} />
                  )}
              </Loaded>
              {moreError.value !== null && <ErrorNote error={moreError.value} retry={() => void loadMore()} />}
              {cursor.value && <div class="more"><Button onClick={() => void loadMore()}>Older entries</Button></div>}
            </section>
            {shown.value && (
              <EntryDialog entry={shown.value} names={names} onClose={() => { shown.value = null }} />
            )}
          </>
        )}
      </Loaded>
    </>
  )
}
