/** Which event, who sells, from which drawer, and whether the counts are live. */
import type { Event } from '../../app/model.ts'
import { me } from '../../app/session.ts'
import { LiveMark, initials } from '../../app/shell.tsx'
import { Button } from '../../parts/button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { date, money, plural, time, zone } from '../../parts/format.ts'
import { myShift } from '../shifts/shift.ts'
import { uncounted } from './drawer.ts'

export interface HeaderProps {
  eventId: string
  event: Event | undefined
  venue: string
  onOpenShift: () => void
  onShowShift: (id: string) => void
}

export function Header({ eventId, event, venue, onOpenShift, onShowShift }: HeaderProps) {
  const shift = myShift.value, why = event ? uncounted(shift, event.currency) : null, name = me.value?.name ?? ''
  return (
    <header class="bo-head">
      <a class="ic leave" href={`/admin/events/${eventId}`} aria-label="Leave the box office"><Icon name="x" size={22} /></a>
      <div class="what">
        <h1>{event?.name ?? 'Box office'}</h1>
        <p>{event && <>{venue && `${venue} · `}{date(event.start_date, event.time_zone)}, {time(event.start_date, event.time_zone)} {zone(event.start_date, event.time_zone)}</>}</p>
      </div>
      <LiveMark />
      <span class="avatar" aria-hidden="true">{initials(name)}</span>
      <span class="cashier">
        <small class={why ? 'warned' : ''}>{shift === null ? 'No shift: cash is not counted' : shift?.terminal}</small>
        <b>{name}</b>
      </span>
      {shift === null
        ? <Button kind="primary" icon="shift" onClick={onOpenShift}>Open a shift</Button>
        : <button type="button" class="shift" disabled={!shift} onClick={() => shift && onShowShift(shift.id)}>
          <small class={why ? 'warned' : ''}>{why ? `Your ${why}: not counted` : 'Your shift'}</small>
          <b>{shift && <>{plural(shift.totals.tickets_sold - shift.totals.tickets_refunded, 'ticket')} · {money(shift.totals.net, shift.currency)}</>}</b>
        </button>}
    </header>
  )
}
