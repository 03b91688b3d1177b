/** Which reservations are live, and which of them ends first? */
import { get } from '../../app/api.ts'
import type { Actor, AuditEntry, Page, Reservation } from '../../app/model.ts'

/** The server lists the newest first: so many are loaded that the first to end are among them. */
const PAGE_ROWS = 200
const PAGES_MAX = 5

export interface LiveReservations {
  /** The first to end is the first. */
  reservations: Reservation[]
  /** There are older ones that were not loaded. */
  isMore: boolean
}

export async function loadLive(
  which: { event_id: string; ticket_type_id?: string | undefined }, signal: AbortSignal,
): Promise<LiveReservations> {
  const reservations: Reservation[] = []
  let cursor: string | null = null
  for (let page = 0; page < PAGES_MAX && (page === 0 || cursor); page++) {
    const found: Page<Reservation> = await get<Page<Reservation>>('/v1/reservations',
      { ...which, status: 'active', limit: PAGE_ROWS, cursor }, signal)
    reservations.push(...found.data)
    cursor = found.next_cursor
  }
  reservations.sort((a, b) => a.remaining_seconds - b.remaining_seconds || (a.id < b.id ? -1 : 1))
  return { reservations, isMore: cursor !== null }
}

/** Who made each of these: the log knows. Asks only for what `known` lacks. */
export async function addMakers(
  known: Map<string, Actor>, reservations: readonly Reservation[],
  which: { event_id: string; ticket_type_id?: string | undefined }, signal: AbortSignal,
): Promise<void> {
  const from = reservations.reduce((first, one) =>
    !known.has(one.id) && (!first || one.created_at < first) ? one.created_at : first, '')
  let cursor: string | null = null
  for (let page = 0; from && page < PAGES_MAX && (page === 0 || cursor); page++) {
    const found: Page<AuditEntry> = await get<Page<AuditEntry>>('/v1/audit-log',
      { ...which, action: 'reserve', from, limit: PAGE_ROWS, cursor }, signal)
    for (const entry of found.data) if (entry.reservation_id) known.set(entry.reservation_id, entry.actor)
    cursor = found.next_cursor
  }
}
