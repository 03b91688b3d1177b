/** What do ids stand for? From what a page has loaded anyway; an id nobody knows is shown shortened. */
import type { Actor, Event, TicketType } from '../../app/model.ts'

export interface Names {
  type: (id: string) => string
  event: (id: string) => string
  zone: (eventId: string) => string
  actor: (actor: Actor & { name?: string | null }) => string
  types: readonly { id: string; name: string }[]
}

const KINDS = { user: 'Buyer', staff: 'Staff', key: 'API key', system: 'ticketd' } as const

const short = (id: string): string => `…${id.slice(-6)}`

export function namesOf(events: readonly Event[], types: readonly TicketType[]): Names {
  const event = new Map(events.map((one) => [one.id, one]))
  const type = new Map(types.map((one) => [one.id, one.name]))
  return {
    type: (id) => type.get(id) ?? `Ticket type ${short(id)}`,
    event: (id) => event.get(id)?.name ?? `Event ${short(id)}`,
    zone: (id) => event.get(id)?.time_zone ?? 'UTC',
    actor: (actor) => actor.name ?? (actor.id ? `${KINDS[actor.kind]} ${short(actor.id)}` : KINDS[actor.kind]),
    types: types.map(({ id, name }) => ({ id, name })),
  }
}
