/** The settings of an event and of what it sells; publish, feature and archive. */
import { useSignal } from '@preact/signals'
import type { Body } from '@ticketd/client'
import { client } from '../../app/api.ts'
import type { Event, TicketType } from '../../app/model.ts'
import { useResource } from '../../app/resource.ts'
import { eventsChanged } from '../../app/shell.tsx'
import { toast, toastStale } from '../../app/toasts.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Button, IconButton } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { number, price } from '../../parts/format.ts'
import { EmptyState, Loaded, SkeletonRows, explain } from '../../parts/states.tsx'
import { DataTable } from '../../parts/table.tsx'
import { EventForm } from './event_form.tsx'
import { SalesWindow } from './sales_window.tsx'
import { TicketTypeForm } from './ticket_type_form.tsx'

export function EventSettingsPage({ eventId }: { eventId: string }) {
  const inventory = useResource((signal) => client.events.inventory(eventId, { signal }), [eventId])
  const editing = useSignal<TicketType | 'new' | null>(null)
  const busy = useSignal(false)

  /** Does it once, says so, and loads what has become of it. */
  const act = async (run: () => Promise<unknown>, done: string) => {
    if (busy.value) return
    busy.value = true
    try {
      await run()
      toast(done)
      eventsChanged()
    } catch (error) {
      toast(explain(error), { kind: 'failed' })
    } finally {
      busy.value = false
      await inventory.reload()
    }
  }
  const stale = ({ name }: { name: string }) => {
    toastStale(name)
    editing.value = null
    void inventory.reload()
  }
  const change = (event: Event, part: Body<'event_update'>, done: string) =>
    void act(() => client.events.update(event.id, part, { ifMatch: event.version }), done)
  const archive = (kind: typeof client.events | typeof client.ticketTypes, { id, name, archived_at }: Event | TicketType) =>
    void act(() => archived_at ? kind.unarchive(id) : kind.archive(id),
      archived_at ? `${name} is out of the archive.` : `${name} was archived.`)

  return (
    <Loaded resource={inventory} page="Event settings" skeleton={<><h1>Event settings</h1><SkeletonRows rows={9} /></>}>
      {({ event, ticket_types }) => (
        <>
          <header class="page-head">
            <div><p class="crumb">{event.name}</p><h1>Event settings {event.archived_at ? <Badge>Archived</Badge>
              : event.published ? <Badge tone="good">Published</Badge> : <Badge tone="warn">Not published</Badge>}</h1></div>
            <div class="row">
              {!event.archived_at && <>
                <Button icon="star" aria-pressed={event.featured} busy={busy.value}
                  onClick={() => change(event, { featured: !event.featured }, event.featured ? 'No longer featured.' : 'Featured.')}>
                  {event.featured ? 'Stop featuring' : 'Feature'}</Button>
                <Button kind={event.published ? 'plain' : 'primary'} busy={busy.value}
                  onClick={() => change(event, { published: !event.published }, event.published ? 'The public no longer sees it.' : 'Published.')}>
                  {event.published ? 'Unpublish' : 'Publish'}</Button>
              </>}
              <Button icon="archive" busy={busy.value} onClick={() => archive(client.events, event)}>
                {event.archived_at ? 'Unarchive' : 'Archive'}</Button>
            </div>
          </header>
          <section class="card" aria-labelledby="types-h">
            <header class="card-head">
              <h2 id="types-h">Ticket types</h2>
              {!event.archived_at && <Button size="small" icon="plus" onClick={() => { editing.value = 'new' }}>New ticket type</Button>}
            </header>
            {ticket_types.length === 0
              ? <EmptyState icon="box" action={<Button kind="primary" onClick={() => { editing.value = 'new' }}>Create a ticket type</Button>}>
                  Nothing is sold for this event yet.</EmptyState>
              : <DataTable label="Ticket types table" rows={ticket_types} keyOf={(type) => type.id} columns={[
                  { head: 'Name', heading: true, cell: (type) => <><b>{type.name}</b>{type.archived_at && <> <Badge>Archived</Badge></>}<small>{type.description}</small></> },
                  { head: 'Price', align: 'right', cell: (type) => price(type.price, type.currency) },
                  { head: 'Total', align: 'right', optional: true, cell: (type) => number(type.counts.total) },
                  { head: 'On sale', optional: true, cell: (type) => <SalesWindow type={type} zone={event.time_zone} /> },
                  { head: 'Per order', align: 'right', optional: true, cell: (type) => type.max_per_order ?? '–' },
                  { head: <span class="vh">Actions</span>, align: 'right', cell: (type) => (
                    <span class="acts">
                      {!type.archived_at && <IconButton icon="edit" label={`Edit ${type.name}`} onClick={() => { editing.value = type }} />}
                      <IconButton icon="archive" label={`${type.archived_at ? 'Unarchive' : 'Archive'} ${type.name}`}
                        onClick={() => archive(client.ticketTypes, type)} />
                    </span>
                  ) },
                ]} />}
          </section>
          <section class="card panel" aria-labelledby="event-h">
            <h2 id="event-h" class="panel-head">Event</h2>
            {event.archived_at ? <p class="sub">An archived event cannot be changed.</p>
              : <EventForm key={event.version} event={event} onStale={stale} onSaved={() => { toast('Saved.'); eventsChanged(); void inventory.reload() }} />}
          </section>
          {editing.value && (
            <Dialog title={editing.value === 'new' ? 'New ticket type' : `Edit ${editing.value.name}`} wide onClose={() => { editing.value = null }}>
              <TicketTypeForm event={event} type={editing.value === 'new' ? undefined : editing.value}
                onCancel={() => { editing.value = null }}
                onStale={stale}
                onSaved={(type) => { toast(`${type.name} was saved.`); editing.value = null; void inventory.reload() }} />
            </Dialog>
          )}
        </>
      )}
    </Loaded>
  )
}
