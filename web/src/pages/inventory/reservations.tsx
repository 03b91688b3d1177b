/** The live reservations of an event or of one ticket type: how long each still holds, and its release. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { get, post } from '../../app/api.ts'
import { counts } from '../../app/live.ts'
import type { Event, Page, Reservation, TicketType } from '../../app/model.ts'
import { useResource } from '../../app/resource.ts'
import { can } from '../../app/session.ts'
import { toast } from '../../app/toasts.tsx'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/field.tsx'
import { countdown, number, plural } from '../../parts/format.ts'
import { EmptyState, ErrorNote, Loaded, SkeletonRows } from '../../parts/states.tsx'
import { DataTable, type Column } from '../../parts/table.tsx'
import { Moment } from '../../parts/zoned.tsx'

const ROWS = 200
/** A change of the counts loads the list again, at most so often. */
const RELOAD_MS = 1000

function ReleaseDialog({ reservation, name, onClose, onDone }: {
  reservation: Reservation; name: string; onClose: () => void; onDone: () => void
}) {
  const reason = useSignal('')
  const busy = useSignal(false)
  const error = useSignal<unknown>(null)
  const release = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy.value) return
    busy.value = true
    const [kind, id] = reservation.cart_id ? ['carts', reservation.cart_id] : ['reservations', reservation.id]
    try {
      await post(`/v1/${kind}/${id}/release`, reason.value.trim() ? { reason: reason.value.trim() } : {})
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
      <form class="form" onSubmit={(event) => void release(event)}>
        <p>
          {reservation.cart_id
            ? 'The whole cart of this buyer is released: all its tickets go back on sale at once.'
            : `The buyer loses these ${name} tickets; they go back on sale at once.`}
        </p>
        <TextField label="Reason" note="optional, kept in the audit log" value={reason.value} maxLength={500}
          onValue={(value) => { reason.value = value }} />
        {error.value !== null && <ErrorNote error={error.value} />}
        <div class="row end">
          <Button onClick={onClose}>Keep them</Button>
          <Button type="submit" kind="danger" busy={busy.value}>Release</Button>
        </div>
      </form>
    </Dialog>
  )
}

export function Reservations({ event, types }: { event: Event; types: readonly TicketType[] }) {
  const only = types.length === 1 ? types[0]!.id : undefined
  const list = useResource((signal) => get<Page<Reservation>>('/v1/reservations', {
    event_id: event.id, ticket_type_id: only, status: 'active', limit: ROWS,
  }, signal), [event.id, only])
  const releasing = useSignal<Reservation | null>(null)
  const now = useSignal(Date.now())
  const names = new Map(types.map((type) => [type.id, type.name]))

  useEffect(() => {
    const timer = setInterval(() => { now.value = Date.now() }, 1000)
    return () => clearInterval(timer)
  }, [])

  // The stream says that something changed, not which reservation.
  const reserved = types.map((type) => counts.value.get(type.id)?.reserved ?? -1).join()
  useEffect(() => {
    if (!list.data.peek()) return
    const timer = setTimeout(() => void list.reload(), RELOAD_MS)
    return () => clearTimeout(timer)
  }, [reserved])

  // Reckoned from what the server said was left, for this machine's clock may be wrong.
  const left = (one: Reservation): number =>
    one.remaining_seconds - Math.max(0, now.value - list.loadedAt.value) / 1000

  const columns: Column<Reservation>[] = [
    {
      head: 'Tickets', heading: true,
      cell: (one) => <><b>{number(one.quantity)}</b> {names.get(one.ticket_type_id)}{one.cart_id && <small>in a cart</small>}</>,
    },
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
        <div><h2 id="reservations-h">Live reservations</h2><p class="sub">Tickets in somebody's checkout, the newest first.</p></div>
      </header>
      <Loaded resource={list} skeleton={<SkeletonRows rows={3} />}>
        {({ data, next_cursor }) => data.length === 0
          ? <EmptyState icon="clock">Nobody has tickets reserved right now.</EmptyState>
          : (
            <>
              <DataTable label="Live reservations" columns={columns} rows={data} keyOf={(one) => one.id} />
              {next_cursor && <p class="sub more">The newest {number(ROWS)} are shown.</p>}
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
