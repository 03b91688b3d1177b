/** Inventory of an event: what there is of each ticket type, and the way to add or remove some. */
import { useSignal } from '@preact/signals'
import { client } from '../../app/api.ts'
import { countsOf, useLive } from '../../app/live.ts'
import type { TicketType } from '../../app/model.ts'
import { useResource } from '../../app/resource.ts'
import { Link } from '../../app/router.tsx'
import { can } from '../../app/session.ts'
import { LiveMark } from '../../app/shell.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Bar } from '../../parts/bar.tsx'
import { Button } from '../../parts/button.tsx'
import { number, price } from '../../parts/format.ts'
import { EmptyState, Loaded, SkeletonRows } from '../../parts/states.tsx'
import { DataTable, type Column } from '../../parts/table.tsx'
import { AdjustDialog } from './adjust_dialog.tsx'
import { Reservations } from './reservations.tsx'

interface Adjusting { type: TicketType; action: 'increase' | 'decrease' }

export function InventoryPage({ eventId }: { eventId: string }) {
  const inventory = useResource((signal) => client.events.inventory(eventId, { signal }), [eventId])
  const adjusting = useSignal<Adjusting | null>(null)
  useLive({ eventIds: [eventId], onReset: () => void inventory.reload() })

  const columns: Column<TicketType>[] = [
    {
      head: 'Ticket type', heading: true, cell: (type) => (
        <>
          <Link to={`/admin/events/${eventId}/inventory/${type.id}`}><b>{type.name}</b></Link>
          {type.archived_at && <> <Badge>Archived</Badge></>}
          <small>{price(type.price, type.currency)}</small>
        </>
      ),
    },
    { head: <span class="vh">Share sold</span>, class: 'wbar', cell: (type) => <Bar counts={countsOf(type)} label={type.name} /> },
    { head: 'Created', align: 'right', optional: true, cell: (type) => number(countsOf(type).initial) },
    { head: 'Total', align: 'right', cell: (type) => number(countsOf(type).total) },
    { head: 'Sold', align: 'right', cell: (type) => number(countsOf(type).sold) },
    { head: 'Reserved', align: 'right', optional: true, cell: (type) => number(countsOf(type).reserved) },
    { head: 'Available', align: 'right', cell: (type) => <b>{number(countsOf(type).available)}</b> },
  ]
  if (can('adjust')) {
    columns.push({
      head: <span class="vh">Change</span>, align: 'right', cell: (type) => type.archived_at ? null : (
        <span class="row end short">
          <Button size="small" icon="plus" aria-label={`Add tickets to ${type.name}`}
            onClick={() => { adjusting.value = { type, action: 'increase' } }}>Add</Button>
          <Button size="small" icon="minus" aria-label={`Remove tickets from ${type.name}`}
            onClick={() => { adjusting.value = { type, action: 'decrease' } }}>Remove</Button>
        </span>
      ),
    })
  }

  return (
    <Loaded resource={inventory} page="Inventory" skeleton={<><h1>Inventory</h1><SkeletonRows rows={8} /></>}>
      {({ event, ticket_types }) => (
        <>
          <header class="page-head">
            <div><p class="crumb">{event.name}</p><h1>Inventory</h1></div>
            <LiveMark />
          </header>
          <section class="card" aria-labelledby="types-h">
            <header class="card-head"><h2 id="types-h">Ticket types</h2></header>
            {ticket_types.length === 0
              ? <EmptyState icon="box" action={can('adjust') && !event.archived_at &&
                  <Link class="btn primary" to={`/admin/events/${eventId}/settings`}>Create a ticket type</Link>}>
                  Nothing is sold for this event yet.</EmptyState>
              : <DataTable label="Ticket types" columns={columns} rows={ticket_types} keyOf={(type) => type.id} />}
          </section>
          {can('read') && <Reservations event={event} types={ticket_types} />}
          {adjusting.value && (
            <AdjustDialog type={{ ...adjusting.value.type, counts: countsOf(adjusting.value.type) }}
              action={adjusting.value.action} onClose={() => { adjusting.value = null }}
              onDone={() => void inventory.reload()} />
          )}
        </>
      )}
    </Loaded>
  )
}
