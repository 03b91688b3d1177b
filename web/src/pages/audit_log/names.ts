/** What do ids stand for? From what a page has loaded anyway; an id nobody knows is shown shortened. */
import type { Actor, Event, TicketType } from '../../app/model.ts'
import { HERE } from '../../parts/format.ts'

export interface Names {
  type: (id: string) => string
  event: (id: string) => string
  zone: (eventId: string) => string
  actor: (actor: Actor) => string
}

const KINDS = { user: 'Buyer', staff: 'Staff', key: 'API key', system: 'ticketd' } as const

const short = (id: string): string => `…${id.slice(-6)}`

/** Where somebody acts; a reservation has no channel before it is sold. */
export const PLACES = { staff: 'Box office', user: 'Checkout', key: 'Checkout', system: 'Checkout' } as const

export const actorName = (actor: Actor): string =>
  actor.name ?? (actor.id ? `${KINDS[actor.kind]} ${short(actor.id)}` : KINDS[actor.kind])

export function namesOf(events: readonly Event[], types: readonly TicketType[]): Names {
  const event = new Map(events.map((one) => [one.id, one]))
  const type = new Map(types.map((one) => [one.id, one.name]))
  return {
    type: (id) => type.get(id) ?? `Ticket type ${short(id)}`,
    event: (id) => event.get(id)?.name ?? `Event ${short(id)}`,
    zone: (id) => event.get(id)?.time_zone ?? HERE,
    actor: actorName,
  }
}
