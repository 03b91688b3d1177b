/** Whose drawer is open, and what must be in it? */
import { signal } from '@preact/signals'
import { get, post } from '../../app/api.ts'
import type { Actor, Page } from '../../app/model.ts'
import { me } from '../../app/session.ts'

export interface ShiftFigures {
  tickets_sold: number
  tickets_refunded: number
  gross: number
  refunds: number
  net: number
}

export interface Shift {
  id: string
  operator: Actor
  operator_name: string | null
  terminal: string
  currency: string
  opening_cash: number
  expected_cash: number
  counted_cash: number | null
  difference: number | null
  note: string | null
  opened_at: string
  closed_at: string | null
  totals: ShiftFigures & { sales: number; by_tender: (ShiftFigures & { tender: string | null })[] }
}

/** The open shift of the one at the screen; null without one, undefined until that is known. */
export const myShift = signal<Shift | null | undefined>(undefined)

export async function findMyShift(): Promise<void> {
  const id = me.peek()?.actor.id
  try {
    const open = await get<Page<Shift>>('/v1/shifts', { status: 'open', actor: id })
    myShift.value = open.data.find((shift) => shift.operator.id === id) ?? null
    if (myShift.value) localStorage.setItem('ticketd.terminal', myShift.value.terminal)
  } catch { /* The last that was known stays. */ }
}

export async function openShift(body: { terminal: string; currency: string; opening_cash: number }, key: string) {
  const shift = await post<Shift>('/v1/shifts', body, { key })
  localStorage.setItem('ticketd.terminal', shift.terminal)
  myShift.value = shift
}

export async function closeShift(id: string, counted_cash: number, note: string, key: string): Promise<Shift> {
  const shift = await post<Shift>(`/v1/shifts/${id}/close`, { counted_cash, ...(note && { note }) }, { key })
  if (myShift.peek()?.id === id) myShift.value = null
  return shift
}

/** The name that this screen had at the last shift. */
export const terminalName = (): string => localStorage.getItem('ticketd.terminal') ?? ''

export const TENDERS: Record<string, string> = { cash: 'Cash', card: 'Card' }
export const tenderName = (tender: string | null): string =>
  tender === null ? 'Free' : TENDERS[tender] ?? tender.replaceAll('_', ' ')
