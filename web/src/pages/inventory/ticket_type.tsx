/** One ticket type: its counts, its live reservations, and the history of every change. */
import { useSignal } from '@preact/signals'
import { client } from '../../app/api.ts'
import { countsOf, useLive } from '../../app/live.ts'
import type { AuditEntry, TicketType } from '../../app/model.ts'
import { useResource } from '../../app/resource.ts'
import { Link, query, setQuery } from '../../app/router.tsx'
import { can } from '../../app/session.ts'
import { toast, toastStale } from '../../app/toasts.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { day, fileName, number, price, stamp, time } from '../../parts/format.ts'
import { Icon } from '../../parts/icon.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { EmptyState, Loaded, SkeletonRows } from '../../parts/states.tsx'
import { DataTable, type Column } from '../../parts/table.tsx'
import { Moment } from '../../parts/zoned.tsx'
import { entryVerb, movements } from '../audit_log/entry_words.ts'
import { namesOf, type Names } from '../audit_log/names.ts'
import { Headline } from '../dashboard/headline.tsx'
import { SalesWindow } from '../events/sales_window.tsx'
import { TicketTypeForm } from '../events/ticket_type_form.tsx'
import { AdjustDialog } from './adjust_dialog.tsx'
import { Reservations } from './reservations.tsx'
import { StepLine } from './step_line.tsx'

const ENTRIES = 25
const INTERVALS = [
  { value: 'hour', label: 'By hour' }, { value: 'day', label: 'By day' }, { value: 'week', label: 'By week' },
] as const
type Interval = (typeof INTERVALS)[number]['value']

const CHANGES = [
  { value: '', label: 'All' }, { value: 'increase', label: 'Added' }, { value: 'decrease', label: 'Removed' },
] as const

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

/** What a buyer is held to; price and name stand above. */
const Settings = ({ type, zone }: { type: TicketType; zone: string }) => (
  <dl class="card settings-line">
    <div><dt>On sale</dt><dd><SalesWindow type={type} zone={zone} /></dd></div>
    <div><dt>Most in one order</dt><dd>{type.max_per_order ?? 'no limit'}</dd></div>
    <div><dt>Most for one person</dt><dd>{type.max_per_customer ?? 'no limit'}</dd></div>
  </dl>
)

export function TicketTypePage({ eventId, typeId }: { eventId: string; typeId: string }) {
  const inventory = useResource((signal) => client.events.inventory(eventId, { signal }), [eventId])
  const asked = query.value.get('interval')
  const interval: Interval = INTERVALS.find((one) => one.value === asked)?.value ?? 'day'
  const changes = CHANGES.find((one) => one.value === query.value.get('changes'))?.value ?? ''
  const history = useResource((signal) => client.reports.inventory({
    ticket_type_id: typeId, interval,
  }, { signal }), [typeId, interval])
  const log = useResource((signal) => client.auditLog.list({
    ticket_type_id: typeId, action: changes || null, limit: ENTRIES,
  }, { signal }), [typeId, changes])
  const adjusting = useSignal<'increase' | 'decrease' | null>(null)
  const editing = useSignal(false)
  const reload = () => { void inventory.reload(); void history.reload(); void log.reload() }
  useLive({ eventIds: [eventId], onReset: reload })

  return (
    <Loaded resource={inventory} page="Ticket type" skeleton={<><h1>Ticket type</h1><SkeletonRows rows={8} /></>}>
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
                <h1>{type.name} {type.archived_at && <Badge>Archived</Badge>}</h1>
                <p class="sub">{price(type.price, type.currency)}{type.description && ` · ${type.description}`}</p>
              </div>
              {can('adjust') && !type.archived_at && (
                <div class="row">
                  <Button icon="edit" onClick={() => { editing.value = true }}>Edit</Button>
                  <Button icon="minus" onClick={() => { adjusting.value = 'decrease' }}>Remove</Button>
                  <Button kind="primary" icon="plus" onClick={() => { adjusting.value = 'increase' }}>Add tickets</Button>
                </div>
              )}
            </header>
            <Headline counts={now} label={type.name} />
            <Settings type={type} zone={zone} />
            {can('read_history') && (
              <section class="card" aria-labelledby="history-h">
                <header class="card-head">
                  <h2 id="history-h">Inventory over time</h2>
                  <div class="row">
                    <Segmented label="Interval" options={INTERVALS} value={interval}
                      onValue={(value) => setQuery({ interval: value })} />
                    <a class="btn ghost sm" download={fileName([event.name, type.name, 'inventory'], zone)}
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
                  <div class="row">
                  <Segmented label="Which changes" options={CHANGES} value={changes} onValue={(value) => setQuery({ changes: value })} />
                  <Link class="btn ghost sm" to={`/admin/events/${eventId}/audit-log?ticket_type_id=${typeId}${changes && `&action=${changes}`}`}>Audit log</Link>
                  </div>
                </header>
                <Loaded resource={log} skeleton={<SkeletonRows rows={6} />}>
                  {({ data }) => data.length === 0
                    ? <EmptyState icon="log">{changes ? `No tickets were ${changes === 'increase' ? 'added' : 'removed'}.` : 'Nothing has changed yet.'}</EmptyState>
                    : (
                      <DataTable label="History" columns={columns(namesOf([event], ticket_types), zone)} rows={data}
                        keyOf={(entry) => entry.id} />
                    )}
                </Loaded>
              </section>
            )}
            {editing.value && (
              <Dialog title={`Edit ${type.name}`} wide onClose={() => { editing.value = false }}>
                <TicketTypeForm event={event} type={type} onCancel={() => { editing.value = false }}
                  onStale={() => { toastStale(type.name); editing.value = false; void inventory.reload() }}
                  onSaved={(saved) => { toast(`${saved.name} was saved.`); editing.value = false; void inventory.reload() }} />
              </Dialog>
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
