/** One tile per ticket type: a tap is a ticket. */
import { countsOf } from '../../app/live.ts'
import type { TicketType } from '../../app/model.ts'
import { day, number, price } from '../../parts/format.ts'
import type { Sale } from './sale.ts'
import type { Till } from './till.ts'

/** Below this many the number is a warning. */
const FEW = 10

/** What is wanted here and not granted yet is gone for this screen already. */
export function leftOf(type: TicketType, till: Till): number {
  const ahead = (sale: Sale) => sale.payment?.sent
    ? 0 : (sale.wanted[type.id] ?? 0) - (sale.cart?.granted[type.id] ?? 0)
  const pending = [till.current.value, ...till.behind.value].reduce((sum, sale) => sum + ahead(sale), 0)
  return Math.max(0, countsOf(type).available - pending)
}

function note(type: TicketType, zone: string, now: number): string {
  if (type.sales_end && Date.parse(type.sales_end) <= now) return `Ended ${day(type.sales_end, zone)}`
  if (type.sales_start && Date.parse(type.sales_start) > now) return `From ${day(type.sales_start, zone)}`
  return type.description ?? ''
}

export function Tiles({ types, till, zone, now, ready }: {
  types: TicketType[]; till: Till; zone: string; now: number; ready: boolean
}) {
  return (
    <div class="tiles" role="group" aria-label="Ticket types">
      {types.map((type, i) => {
        const chosen = till.current.value.wanted[type.id] ?? 0, left = leftOf(type, till)
        return (
          <button type="button" key={type.id} class={chosen ? 'tile on' : 'tile'} disabled={!ready || (left <= 0 && !chosen)}
            aria-keyshortcuts={i < 9 ? String(i + 1) : undefined}
            onClick={() => { if (leftOf(type, till) > 0) till.add(type.id) }}>
            {chosen > 0 && <span class="in-sale">{number(chosen)}<span class="vh"> in this sale. </span></span>}
            <span class="tile-name">{type.name}</span>
            <span class="tile-note">{note(type, zone, now)}</span>
            <span class="tile-price">{price(type.price, type.currency)}</span>
            <span class={left < FEW ? 'tile-left few' : 'tile-left'}>
              {left > 0 ? <><b>{number(left)}</b> left</> : chosen ? 'None left' : 'Sold out'}
            </span>
          </button>
        )
      })}
    </div>
  )
}
