/** The live reservations of an event or of one ticket type: how long each still holds, and its release. */
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { client, wrongAt } from '../../app/api.ts'
import { counts } from '../../app/live.ts'
import type { Actor, Event, Reservation, TicketType } from '../../app/model.ts'
import { useResource } from '../../app/resource.ts'
import { can } from '../../app/session.ts'
import { useSoon } from '../../app/soon.ts'
import { toast } from '../../app/toasts.tsx'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/field.tsx'
import { Form } from '../../parts/form.tsx'
import { countdown, number, plural } from '../../parts/format.ts'
import { EmptyState, ErrorNote, Loaded, SkeletonRows } from '../../parts/states.tsx'
import { DataTable, type Column } from '../../parts/table.tsx'
import { Moment } from '../../parts/zoned.tsx'
import { PLACES, actorName } from '../audit_log/names.ts'
import { addMakers, loadLive } from './live_reservations.ts'

const REASON_MIN = 3
/** Shown at first. */
const ROWS = 15
/** A change of the counts loads the list again, at most so often. */
const RELOAD_MS = 1000

function ReleaseDialog({ reservation, name, onClose, onDone }: {
  reservation: Reservation; name: string; onClose: () => void; onDone: () => void
}) {
  const reason = useSignal('')
  const busy = useSignal(false)
  const error = useSignal<unknown>(null)
  const tried = useSignal(false)
  const tooShort = () => reason.value.trim() !== '' && reason.value.trim().length < REASON_MIN
  const refused = wrongAt(error.value, '/reason')
  const release = async () => {
    tried.value = true
    if (tooShort()) return
    if (busy.value) return
    busy.value = true
    const body = reason.value.trim() ? { reason: reason.value.trim() } : {}
    try {
      if (reservation.cart_id) await client.carts.release(reservation.cart_id, body)
      else await client.reservations.release(reservation.id, body)
      toast(`${plural(reservation.quantity, 'ticket')} of ${name} released.`)
      onDone()
    } catch (cause) {
      error.value = cause
    } finally {
      busy.value = false
    }
  }
  return (
    <Dialog title={`Release ${plural(reservation.quantity, 'ticket')}`} onClose={onClose} busy={busy.value}>
      <Form onSubmit={release}>
        <p>
          {reservation.cart_id
            ? 'The whole cart of this buyer is released: all its tickets go back on sale at once.'
            : `The buyer loses these ${name} tickets; they go back on sale at once.`}
        </p>
        <TextField label="Reason" note="optional, kept in the audit log" value={reason.value} maxLength={500}
          error={refused ?? (tried.value && tooShort() ? 'Say why in 3 letters or more, or leave it out.' : undefined)}
          onValue={(value) => { reason.value = value; error.value = null }} />
        {error.value !== null && !refused && <ErrorNote error={error.value} />}
        <div class="row end">
          <Button onClick={onClose}>Keep them</Button>
          <Button type="submit" kind="danger" busy={busy.value}>Release</Button>
        </div>
      </Form>
    </Dialog>
  )
}

const Maker = ({ actor }: { actor: Actor | undefined }) =>
  actor ? <>{actorName(actor)}<small>{PLACES[actor.kind]}</small></> : <>–</>

export function Reservations({ event, types }: { event: Event; types: readonly TicketType[] }) {
  const only = types.length === 1 ? types[0]!.id : undefined
  const makers = useRef(new Map<string, Actor>())
  const list = useResource(async (signal) => {
    const which = { event_id: event.id, ticket_type_id: only }
    const live = await loadLive(which, signal)
    if (can('read_log')) await addMakers(makers.current, live.reservations, which, signal)
    return live
  }, [event.id, only])
  const all = useSignal(false)
  const releasing = useSignal<Reservation | null>(null)
  const now = useSignal(Date.now())
  const names = new Map(types.map((type) => [type.id, type.name]))

  useEffect(() => {
    const timer = setInterval(() => { now.value = Date.now() }, 1000)
    return () => clearInterval(timer)
  }, [])

  const reloadSoon = useSoon(() => void list.reload(), RELOAD_MS)
  // The stream says that something changed, not which reservation.
  const reserved = types.map((type) => counts.value.get(type.id)?.reserved ?? -1).join()
  useEffect(() => {
    if (list.data.peek()) reloadSoon()
  }, [reserved])

  // Reckoned from what the server said was left, for this machine's clock may be wrong.
  const left = (one: Reservation): number =>
    one.remaining_seconds - Math.max(0, now.value - list.loadedAt.value) / 1000

  const columns: Column<Reservation>[] = [
    {
      head: 'Tickets', heading: true,
      cell: (one) => <><b>{number(one.quantity)}</b> {names.get(one.ticket_type_id)}{one.cart_id && <small>in a cart</small>}</>,
    },
    ...(can('read_log') ? [{ head: 'By', cell: (one: Reservation) => <Maker actor={makers.current.get(one.id)} /> }] : []),
    { head: 'Since', optional: true, cell: (one) => <Moment at={one.created_at} zone={event.time_zone} /> },
    {
      head: 'Expires in', align: 'right',
      cell: (one) => <span class={left(one) < 60 ? 'soon' : undefined}>{left(one) > 0 ? countdown(left(one)) : 'expired'}</span>,
    },
  ]
  if (can('reserve')) {
    columns.push({
      head: <span class="vh">Release</span>, align: 'right', cell: (one) => (
        <Button size="small" onClick={() => { releasing.value = one }}
          aria-label={`Release ${plural(one.quantity, 'ticket')} of ${names.get(one.ticket_type_id)}`}>Release</Button>
      ),
    })
  }

  return (
    <section class="card" aria-labelledby="reservations-h">
      <header class="card-head">
        <div><h2 id="reservations-h">Live reservations</h2><p class="sub">Tickets in somebody’s checkout, the first to expire on top.</p></div>
      </header>
      <Loaded resource={list} skeleton={<SkeletonRows rows={3} />}>
        {({ reservations, isMore }) => reservations.length === 0
          ? <EmptyState icon="clock">Nobody has tickets reserved right now.</EmptyState>
          : (
            <>
              <DataTable label="Live reservations table" columns={columns} keyOf={(one) => one.id}
                rows={all.value ? reservations : reservations.slice(0, ROWS)} />
              {reservations.length > ROWS && !all.value && (
                <p class="more"><Button onClick={() => { all.value = true }}>Show all {number(reservations.length)}</Button></p>
              )}
              {isMore && <p class="sub more">There are more; these are the newest {number(reservations.length)}.</p>}
            </>
          )}
      </Loaded>
      {releasing.value && (
        <ReleaseDialog reservation={releasing.value} name={names.get(releasing.value.ticket_type_id) ?? ''}
          onClose={() => { releasing.value = null }}
          onDone={() => { releasing.value = null; void list.reload() }} />
      )}
    </section>
  )
}
