/** Which reservations are live, and which of them ends first? */
import { client } from '../../app/api.ts'
import type { Actor, Reservation } from '../../app/model.ts'

/** The server lists the newest first: so many are loaded that the first to end are among them. */
const PAGE_ROWS = 200
const ROWS_MAX = 1000

export interface LiveReservations {
  /** The first to end is the first. */
  reservations: Reservation[]
  /** There are older ones that were not loaded. */
  isMore: boolean
}

export interface Which { event_id: string; ticket_type_id?: string | undefined }

export async function loadLive(which: Which, signal: AbortSignal): Promise<LiveReservations> {
  const reservations: Reservation[] = []
  const query = { ...which, status: 'active', limit: PAGE_ROWS } as const
  let isMore = false
  for await (const one of client.reservations.list.all(query, { signal })) {
    isMore = reservations.length === ROWS_MAX
    if (isMore) break
    reservations.push(one)
  }
  reservations.sort((a, b) => a.remaining_seconds - b.remaining_seconds || (a.id < b.id ? -1 : 1))
  return { reservations, isMore }
}

/** Who made each of these: the log knows. Asks only for what `known` lacks. */
export async function addMakers(
  known: Map<string, Actor>, reservations: readonly Reservation[], which: Which, signal: AbortSignal,
): Promise<void> {
  const from = reservations.reduce((first, one) =>
    !known.has(one.id) && (!first || one.created_at < first) ? one.created_at : first, '')
  if (!from) return
  const query = { ...which, action: 'reserve', from, limit: PAGE_ROWS } as const
  let rows = 0
  for await (const entry of client.auditLog.list.all(query, { signal })) {
    if (entry.reservation_id) known.set(entry.reservation_id, entry.actor)
    if (++rows === ROWS_MAX) return
  }
}
