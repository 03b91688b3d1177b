/** What wants somebody's eye now: what is nearly gone, and what is about to come back. */
import { useEffect } from 'preact/hooks'
import { client } from '../../app/api.ts'
import type { Event, TicketType } from '../../app/model.ts'
import { useResource } from '../../app/resource.ts'
import { can } from '../../app/session.ts'
import { Button } from '../../parts/button.tsx'
import { number, plural } from '../../parts/format.ts'
import { Icon } from '../../parts/icon.tsx'
import { scarce } from '../events/attention.ts'
import { loadLive } from '../inventory/live_reservations.ts'
import { PACE_DAYS, around, sellsOutAt } from './pace.ts'

/** Reservations that end within this are about to. */
const SOON_S = 10 * 60
const LOOK_AGAIN_MS = 20_000

export interface AttentionProps { event: Event; types: TicketType[]; onAdd: (type: TicketType) => void }

function Low({ event, type, pace, onAdd }: { event: Event; type: TicketType; pace: number; onAdd: () => void }) {
  const now = Date.now()
  const at = sellsOutAt(type.counts.available, pace, now)
  return (
    <p>
      <Icon name="alert" />
      <span><b>{type.name}: {number(type.counts.available)} left.</b>{' '}
        {at !== null && at < Date.parse(event.end_date ?? event.start_date) &&
          `At the pace of the last ${PACE_DAYS} days it sells out ${around(at, event.time_zone, now)}.`}</span>
      {can('adjust') && !event.archived_at && <Button size="small" onClick={onAdd}>Add tickets</Button>}
    </p>
  )
}

function Gone({ types, onAdd }: { types: TicketType[]; onAdd: (type: TicketType) => void }) {
  return (
    <p>
      <Icon name="alert" />
      <span><b>{types.map((type) => type.name).join(', ')}</b> sold out.</span>
      {can('adjust') && <Button size="small" onClick={() => onAdd(types[0]!)}>Add tickets</Button>}
    </p>
  )
}

function Expiring({ event }: { event: Event }) {
  const active = useResource((signal) => loadLive({ event_id: event.id }, signal), [event.id])
  useEffect(() => {
    const timer = setInterval(() => { if (document.visibilityState === 'visible') void active.reload() }, LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [])
  const found = active.data.value
  // By what the server says is left: the clock here may be wrong.
  const soon = (found?.reservations ?? []).filter((one) => one.remaining_seconds <= SOON_S)
  const more = found?.isMore ? 'At least ' : ''
  return (
    <p class="info">
      <Icon name="clock" />
      {soon.length
        ? <span><b>{more}{plural(soon.length, 'reservation')}</b> {soon.length === 1 ? 'expires' : 'expire'} in the next 10 minutes if checkout is not finished.</span>
        : <span>No reservation is about to expire.</span>}
      <a class="btn sm ghost" href={`/admin/events/${event.id}/inventory`}>View reservations</a>
    </p>
  )
}

export function Attention({ event, types, onAdd }: AttentionProps) {
  const pace = useResource((signal) => can('read_history')
    ? client.reports.sales({
        event_id: event.id, group_by: 'ticket_type', from: new Date(Date.now() - PACE_DAYS * 86_400_000).toISOString(),
      }, { signal })
    : Promise.resolve(null), [event.id])
  const isOver = Date.parse(event.end_date ?? event.start_date) < Date.now()
  const { low, gone } = isOver ? { low: [], gone: [] } : scarce(types, Date.now())
  const paceOf = (type: TicketType): number =>
    pace.data.value?.rows.find((row) => row.ticket_type_id === type.id)?.tickets_net ?? 0
  const first = low[0]
  return (
    <section class="need" aria-label="Needs attention">
      {first ? <Low event={event} type={first} pace={paceOf(first)} onAdd={() => onAdd(first)} />
        : gone.length ? <Gone types={gone} onAdd={onAdd} />
        : <p class="info"><Icon name="check" /><span>{isOver ? 'This event is over.' : 'No ticket type is running low.'}</span></p>}
      {can('read') && <Expiring event={event} />}
    </section>
  )
}
