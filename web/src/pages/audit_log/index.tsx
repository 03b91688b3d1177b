/** The audit log: who changed which count, when and why. The filters are the address; what was written
 * meanwhile waits behind a button, so that no row moves away under a finger. */
import { useComputed, useSignal } from '@preact/signals'
import type { Query } from '@ticketd/client'
import { client } from '../../app/api.ts'
import { LIVE_EVENTS_MAX, useLive } from '../../app/live.ts'
import type { AuditEntry, Event, TicketType } from '../../app/model.ts'
import { useResource } from '../../app/resource.ts'
import { param, query } from '../../app/router.tsx'
import { can } from '../../app/session.ts'
import { Button } from '../../parts/button.tsx'
import { HERE, fileName, number, plural } from '../../parts/format.ts'
import { Icon } from '../../parts/icon.tsx'
import { EmptyState, ErrorNote, Loaded, SkeletonRows } from '../../parts/states.tsx'
import { DataTable, type Column } from '../../parts/table.tsx'
import { Moment } from '../../parts/zoned.tsx'
import { EntryDialog } from './entry_dialog.tsx'
import { entryVerb, movements } from './entry_words.ts'
import { LogFilters, clearFilters, type Option } from './filters.tsx'
import { actorName, namesOf, type Names } from './names.ts'

const ROWS = 50

/** The filters of the API that the address may carry, under the API's own names. */
const FILTERS = [
  'ticket_type_id', 'action', 'channel', 'tender', 'actor', 'order_id', 'reservation_id', 'from', 'to', 'q',
] as const

type Filters = Query<'audit_log_list'>

/** As the address has them: whether a value is one that can be is the server's to say. */
const filtersIn = (address: URLSearchParams): Filters =>
  Object.fromEntries(FILTERS.map((name) => [name, address.get(name)])) as Filters

const matches = (entry: AuditEntry, filters: Filters): boolean =>
  (!filters.ticket_type_id || entry.ticket_type_id === filters.ticket_type_id) &&
  (!filters.action || entry.action === filters.action) &&
  (!filters.channel || entry.channel === filters.channel) &&
  (!filters.tender || entry.tender === filters.tender) &&
  (!filters.actor || (entry.actor.id ?? 'system') === filters.actor) &&
  (!filters.order_id || entry.order_id === filters.order_id) &&
  (!filters.reservation_id || entry.reservation_id === filters.reservation_id) &&
  (!filters.to || entry.created_at < filters.to) &&
  (!filters.q || `${entry.reason ?? ''} ${entry.order_id ?? ''}`.toLowerCase().includes(filters.q.toLowerCase()))

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

/** Ticket types are named by their events; of so many events at the most they are looked up. */
const NAMED_EVENTS_MAX = 20

async function typesOf(eventIds: readonly string[], signal: AbortSignal): Promise<TicketType[]> {
  const found = await Promise.all(eventIds.slice(0, NAMED_EVENTS_MAX).map((id) =>
    client.events.inventory(id, { signal }).catch(() => null)))
  return found.flatMap((inventory) => inventory?.ticket_types ?? [])
}

const eventsOf = async (eventId: string | undefined, signal: AbortSignal): Promise<Event[]> => eventId
  ? [await client.events.get(eventId, { signal })]
  : (await client.events.list({ limit: 200 }, { signal })).data

interface Named { id: string; name: string }

/** Whoever may be asked for: all of them for those who manage people, else who is in the rows. */
async function peopleKnown(signal: AbortSignal): Promise<Named[]> {
  if (!can('people')) return []
  const [staff, keys] = await Promise.all([
    client.staff.list({ limit: 200 }, { signal }), client.apiKeys.list({ limit: 200 }, { signal }),
  ])
  return [...staff.data, ...keys.data]
}

function actorsOf(people: readonly Named[], rows: readonly AuditEntry[]): Option[] {
  const all = new Map(people.map((one) => [one.id, one.name]))
  for (const { actor } of rows) if (!all.has(actor.id ?? 'system')) all.set(actor.id ?? 'system', actorName(actor))
  return [...all].sort((a, b) => a[1].localeCompare(b[1]))
}

export function AuditLogPage({ eventId }: { eventId?: string }) {
  const about = eventId ?? (param('event_id') || undefined)
  const filters: Filters = { event_id: about, ...filtersIn(query.value) }
  const key = JSON.stringify(filters)

  const events = useResource((signal) => eventsOf(eventId, signal), [eventId])
  const people = useResource(peopleKnown, [])
  const more = useSignal<AuditEntry[]>([])
  const cursor = useSignal<string | null>(null)
  const moreError = useSignal<unknown>(null)
  /** How many wait; null: some may, it is not known how many. */
  const fresh = useSignal<number | null>(0)
  const shown = useSignal<AuditEntry | null>(null)
  const first = useResource(async (signal) => {
    const page = await client.auditLog.list({ ...filters, limit: ROWS }, { signal })
    more.value = []
    cursor.value = page.next_cursor
    fresh.value = 0
    return page.data
  }, [key])
  const rows = useComputed(() => [...(first.data.value ?? []), ...more.value])
  const typed = about ? [about] : [...new Set(rows.value.map((entry) => entry.event_id))].sort()
  const types = useResource((signal) => typesOf(typed, signal), [typed.join()])

  useLive({
    eventIds: about ? [about]
      : (events.data.value ?? []).filter((one) => !one.archived_at).slice(0, LIVE_EVENTS_MAX).map((one) => one.id),
    onAudit: (entry) => {
      const isNew = matches(entry, filtersIn(query.peek())) && !rows.peek().some((one) => one.id === entry.id)
      if (isNew && fresh.value !== null) fresh.value++
    },
    onReset: () => { fresh.value = null },
  })

  const loadMore = async () => {
    const from = cursor.peek()
    try {
      const page = await client.auditLog.list({ ...filters, limit: ROWS, cursor: from })
      // Asked for twice, or for other filters by now.
      if (cursor.peek() !== from) return
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
        <div>
          {eventId && <p class="crumb">{events.data.value?.[0]?.name ?? ' '}</p>}
          <h1>{eventId ? 'Audit log' : 'Whole audit log'}</h1><p class="sub">Every change of a count, and why.</p>
        </div>
        <a class="btn plain" href={client.auditLog.list.url({ ...filters, format: 'csv' })} download={fileName([(eventId && events.data.value?.[0]?.name) || '', 'audit log'], events.data.value?.[0]?.time_zone ?? HERE)}>
          <Icon name="download" />CSV
        </a>
      </header>
      <Loaded resource={events} skeleton={<SkeletonRows rows={2} />}>
        {(known) => {
          const names = namesOf(known, types.data.value ?? [])
          return (
            <>
              <LogFilters zone={about ? names.zone(about) : HERE}
                types={about ? (types.data.value ?? []).map((one) => [one.id, one.name]) : []}
                events={eventId ? [] : known.map((one) => [one.id, one.name])}
                actors={actorsOf(people.data.value ?? [], rows.value)} />
              <section class="card" aria-label="Entries">
                {fresh.value !== 0 && (
                  <Button class="fresh" icon="up" onClick={() => void first.reload()}>
                    {fresh.value === null ? 'Look for new rows' : plural(fresh.value, 'new row')}
                  </Button>
                )}
                <Loaded resource={first} skeleton={<SkeletonRows rows={12} />}>
                  {() => rows.value.length === 0
                    ? <EmptyState icon="log" action={query.value.size > 0 && <Button onClick={clearFilters}>Clear filters</Button>}>
                        {query.value.size > 0 ? 'Nothing was written that fits these filters.' : 'Nothing has happened yet.'}</EmptyState>
                    : (
                      <DataTable label="Audit log" rows={rows.value} keyOf={(entry) => entry.id}
                        onRow={(entry) => { shown.value = entry }}
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
          )
        }}
      </Loaded>
    </>
  )
}
