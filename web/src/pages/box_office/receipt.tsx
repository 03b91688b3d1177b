/** The last sale on paper. On screen it is not there. */
import type { Event, TicketType } from '../../app/model.ts'
import { date, moment, money, time, zone } from '../../parts/format.ts'
import type { Sold } from './till.ts'

export function Receipt({ sold, event, venue, types }: { sold: Sold; event: Event; venue: string; types: TicketType[] }) {
  const cents = (minor: number) => money(minor, event.currency, 'always')
  return (
    <section class="receipt" aria-hidden="true">
      <h2>{event.name}</h2>
      <p>{venue && <>{venue}<br /></>}{date(event.start_date, event.time_zone)}, {time(event.start_date, event.time_zone)} {zone(event.start_date, event.time_zone)}</p>
      <table><tbody>
        {sold.lines.map((line) => (
          <tr key={line.type}><td>{line.quantity} × {types.find((type) => type.id === line.type)?.name ?? 'Ticket'}</td><td>{cents(line.quantity * line.price)}</td></tr>
        ))}
        <tr><th>Total{sold.channel === 'comp' ? ' (free)' : `, ${sold.tender}`}</th><th>{cents(sold.amount)}</th></tr>
        {sold.received !== null && <tr><td>Received</td><td>{cents(sold.received)}</td></tr>}
        {sold.received !== null && <tr><td>Change</td><td>{cents(sold.received - sold.amount)}</td></tr>}
      </tbody></table>
      <p>{sold.order}<br />{moment(sold.at, event.time_zone)} {zone(sold.at, event.time_zone)}{sold.undone && <><br />Taken back</>}</p>
    </section>
  )
}
