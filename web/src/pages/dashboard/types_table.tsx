/** The ticket types of an event: how full each is, and the way to add some. */
import type { Event, TicketType } from '../../app/model.ts'
import { can } from '../../app/session.ts'
import { Badge } from '../../parts/badge.tsx'
import { Bar } from '../../parts/bar.tsx'
import { Button, IconButton } from '../../parts/button.tsx'
import { day, money, number, percent, price } from '../../parts/format.ts'
import { EmptyState } from '../../parts/states.tsx'
import { DataTable, type Column } from '../../parts/table.tsx'
import { isLow, isOnSale } from '../events/attention.ts'
import { navigate } from '../../app/router.tsx'

export interface TypesTableProps { event: Event; types: TicketType[]; gross: number | null; onAdd: (type: TicketType) => void }

function note(type: TicketType, zone: string, now: number): string {
  if (type.archived_at) return 'Archived'
  if (type.sales_end && Date.parse(type.sales_end) <= now) return `Ended ${day(type.sales_end, zone)}`
  if (type.sales_start && Date.parse(type.sales_start) > now) return `From ${day(type.sales_start, zone)}`
  return type.description ?? ''
}

function Available({ type }: { type: TicketType }) {
  const { counts } = type
  if (counts.total > 0 && counts.available === 0) return <Badge>Sold out</Badge>
  if (isLow(counts) && isOnSale(type, Date.now())) return <Badge tone="warn">{number(counts.available)} left</Badge>
  return <b>{number(counts.available)}</b>
}

export function TypesTable({ event, types, gross, onAdd }: TypesTableProps) {
  const now = Date.now()
  const columns: Column<TicketType>[] = [
    { head: 'Type', heading: true, cell: (type) => (
      <>
        <b>{type.name}</b>
        <small>{[price(type.price, type.currency), note(type, event.time_zone, now)].filter(Boolean).join(' · ')}</small>
      </>
    ) },
    { head: <span class="vh">Share sold</span>, class: 'wbar', cell: (type) => <Bar counts={type.counts} label={type.name} /> },
    { head: 'Total', align: 'right', optional: true, cell: (type) => (
      <>{number(type.counts.total)}{type.counts.total !== type.counts.initial && <small>from {number(type.counts.initial)}</small>}</>
    ) },
    { head: 'Sold', align: 'right', cell: (type) => <>{number(type.counts.sold)}<small>{percent(type.counts.sold, type.counts.total)}</small></> },
    { head: 'Reserved', align: 'right', optional: true, cell: (type) => number(type.counts.reserved) },
    { head: 'Available', align: 'right', cell: (type) => <Available type={type} /> },
  ]
  if (can('adjust') && !event.archived_at) {
    columns.push({ head: <span class="vh">Actions</span>, align: 'right', cell: (type) => !type.archived_at &&
      <IconButton icon="plus" label={`Add tickets to ${type.name}`} onClick={() => onAdd(type)} /> })
  }
  return (
    <section class="card" aria-labelledby="types-h">
      <header class="card-head">
        <div><h2 id="types-h">Ticket types</h2>
          {gross !== null && <p class="sub"><b>{money(gross, event.currency)}</b> gross so far</p>}</div>
        <a class="btn ghost sm" href={`/admin/events/${event.id}/inventory`}>Inventory</a>
      </header>
      {types.length
        ? <DataTable label="Ticket types table" columns={columns} rows={types} keyOf={(type) => type.id} />
        : <EmptyState icon="box" action={can('adjust') && <Button kind="primary" onClick={() => navigate(`/admin/events/${event.id}/settings`)}>Create a ticket type</Button>}>
            Nothing is sold for this event yet.</EmptyState>}
    </section>
  )
}
