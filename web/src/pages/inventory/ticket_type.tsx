/** One ticket type: its counts, its live reservations, and the history of every change. */
import { useSignal } from '@preact/signals'
import { client } from '../../app/api.ts'
import { countsOf, useLive } from '../../app/live.ts'
import type { AuditEntry } from '../../app/model.ts'
import { useResource } from '../../app/resource.ts'
import { Link, query, setQuery } from '../../app/router.tsx'
import { can } from '../../app/session.ts'
import { Bar } from '../../parts/bar.tsx'
import { Button } from '../../parts/button.tsx'
import { day, money, number, stamp, time } from '../../parts/format.ts'
import { Icon } from '../../parts/icon.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { EmptyState, Loaded, SkeletonRows } from '../../parts/states.tsx'
import { DataTable, type Column } from '../../parts/table.tsx'
import { Moment } from '../../parts/zoned.tsx'
import { entryVerb, movements } from '../audit_log/entry_words.ts'
import { namesOf, type Names } from '../audit_log/names.ts'
import { AdjustDialog } from './adjust_dialog.tsx'
import { Reservations } from './reservations.tsx'
import { StepLine } from './step_line.tsx'

const ENTRIES = 25
const INTERVALS = [
  { value: 'hour', label: 'By hour' }, { value: 'day', label: 'By day' }, { value: 'week', label: 'By week' },
] as const
type Interval = (typeof INTERVALS)[number]['value']

const columns = (names: Names, zone: string): Column<AuditEntry>[] => [
  { head: 'When', cell: (entry) => <Moment at={entry.created_at} zone={zone} /> },
  { head: 'Change', heading: true, cell: (entry) => `${number(entry.quantity)} ${entryVerb(entry)}` },
  {
    head: 'Before → after', cell: (entry) => movements(entry).map((one) => (
      <span class="movement" key={one.name}>{one.name} {number(one.before)} → <b>{number(one.after)}</b></span>
    )),
  },
  { head: 'Who', optional: true, cell: (entry) => names.actor(entry.actor) },
  { head: 'Reason', optional: true, class: 'wrap', cell: (entry) => entry.reason ?? '–' },
]

export function TicketTypePage({ eventId, typeId }: { eventId: string; typeId: string }) {
  const inventory = useResource((signal) => client.events.inventory(eventId, { signal }), [eventId])
  const asked = query.value.get('interval')
  const interval: Interval = INTERVALS.find((one) => one.value === asked)?.value ?? 'day'
  const history = useResource((signal) => client.reports.inventory({
    ticket_type_id: typeId, interval,
  }, { signal }), [typeId, interval])
  const log = useResource((signal) => client.auditLog.list({
    ticket_type_id: typeId, limit: ENTRIES,
  }, { signal }), [typeId])
  const adjusting = useSignal<'increase' | 'decrease' | null>(null)
  const reload = () => { void inventory.reload(); void history.reload(); void log.reload() }
  useLive({ eventIds: [eventId], onReset: reload })

  return (
    <Loaded resource={inventory} skeleton={<><h1>Ticket type</h1><SkeletonRows rows={8} /></>}>
      {({ event, ticket_types }) => {
        const type = ticket_types.find((one) => one.id === typeId)
        if (!type) return <><h1>Ticket type</h1><EmptyState icon="box">There is no such ticket type here.</EmptyState></>
        const now = countsOf(type), zone = event.time_zone
        const tick = (at: number) => interval === 'hour' ? `${day(at, zone)}, ${time(at, zone)}` : day(at, zone)
        return (
          <>
            <header class="page-head">
              <div>
                <p class="crumb"><Link to={`/admin/events/${eventId}/inventory`}>Inventory</Link> · {event.name}</p>
                <h1>{type.name}</h1>
                <p class="sub">{money(type.price, type.currency)}{type.description && ` · ${type.description}`}</p>
              </div>
              {can('adjust') && !type.archived_at && (
                <div class="row">
                  <Button icon="minus" onClick={() => { adjusting.value = 'decrease' }}>Remove</Button>
                  <Button kind="primary" icon="plus" onClick={() => { adjusting.value = 'increase' }}>Add tickets</Button>
                </div>
              )}
            </header>
            <section class="card headline" aria-label="Counts">
              <dl>
                <div><dt>Created initially</dt><dd>{number(now.initial)}</dd></div>
                <div><dt>Total now</dt><dd>{number(now.total)}</dd></div>
                <div><dt><i class="swatch sold" />Sold</dt><dd>{number(now.sold)}</dd></div>
                <div><dt><i class="swatch reserved" />Reserved</dt><dd>{number(now.reserved)}</dd></div>
                <div class="sumup"><dt><i class="swatch free" />Available</dt><dd>{number(now.available)}</dd></div>
              </dl>
              <Bar counts={now} label={type.name} tall />
            </section>
            {can('read_history') && (
              <section class="card" aria-labelledby="history-h">
                <header class="card-head">
                  <h2 id="history-h">Inventory over time</h2>
                  <div class="row">
                    <Segmented label="Interval" options={INTERVALS} value={interval}
                      onValue={(value) => setQuery({ interval: value })} />
                    <a class="btn ghost sm" download="inventory.csv"
                      href={client.reports.inventory.url({ ticket_type_id: typeId, interval, format: 'csv' })}>
                      <Icon name="download" size={16} />CSV
                    </a>
                  </div>
                </header>
                <Loaded resource={history} skeleton={<SkeletonRows rows={1} height="220px" />}>
                  {({ rows }) => (
                    <>
                      <StepLine rows={rows} until={history.loadedAt.value} label={`${type.name}: total, sold and reserved over time`}
                        formatTime={(at) => stamp(at, zone)} formatTick={tick} />
                      <details>
                        <summary>As a table</summary>
                        <DataTable label="Inventory over time" rows={rows.toReversed()} keyOf={(row) => row.at} columns={[
                          { head: 'Up to', heading: true, cell: (row) => stamp(row.at, zone) },
                          { head: 'Total', align: 'right', cell: (row) => number(row.total) },
                          { head: 'Sold', align: 'right', cell: (row) => number(row.sold) },
                          { head: 'Reserved', align: 'right', cell: (row) => number(row.reserved) },
                          { head: 'Available', align: 'right', cell: (row) => number(row.available) },
                        ]} />
                      </details>
                    </>
                  )}
                </Loaded>
              </section>
            )}
            {can('read') && <Reservations event={event} types={[type]} />}
            {can('read_log') && (
              <section class="card" aria-labelledby="log-h">
                <header class="card-head">
                  <h2 id="log-h">History</h2>
                  <Link class="btn ghost sm" to={`/admin/events/${eventId}/audit-log?ticket_type_id=${typeId}`}>Audit log</Link>
                </header>
                <Loaded resource={log} skeleton={<SkeletonRows rows={6} />}>
                  {({ data }) => data.length === 0
                    ? <EmptyState icon="log">Nothing has changed yet.</EmptyState>
                    : (
                      <DataTable label="History" columns={columns(namesOf([event], ticket_types), zone)} rows={data}
                        keyOf={(entry) => entry.id} />
                    )}
                </Loaded>
              </section>
            )}
            {adjusting.value && (
              <AdjustDialog type={{ ...type, counts: now }} action={adjusting.value}
                onClose={() => { adjusting.value = null }} onDone={reload} />
            )}
          </>
        )
      }}
    </Loaded>
  )
}
