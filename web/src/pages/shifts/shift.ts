/** Whose drawer is open, and what must be in it? */
import { signal } from '@preact/signals'
import type { Body, Schemas } from '@ticketd/client'
import { client } from '../../app/api.ts'
import { me } from '../../app/session.ts'

export type Shift = Schemas['Shift']

/** The open shift of the one at the screen; null without one, undefined until that is known. */
export const myShift = signal<Shift | null | undefined>(undefined)

/** Written to the browser's store for the other tabs of this device. */
export const SHIFT_CHANGED = 'ticketd.shift'
const changed = () => localStorage.setItem(SHIFT_CHANGED, String(Date.now()))

export async function findMyShift(): Promise<void> {
  const id = me.peek()?.actor.id
  try {
    const open = await client.shifts.list({ status: 'open', actor: id })
    myShift.value = open.data.find((shift) => shift.operator.id === id) ?? null
    if (myShift.value) localStorage.setItem('ticketd.terminal', myShift.value.terminal)
  } catch { /* The last that was known stays. */ }
}

export async function openShift(body: Body<'shift_open'>, key: string) {
  const shift = await client.shifts.open(body, { idempotencyKey: key })
  localStorage.setItem('ticketd.terminal', shift.terminal)
  myShift.value = shift
  changed()
}

export async function closeShift(id: string, counted_cash: number, note: string, key: string): Promise<Shift> {
  const shift = await client.shifts.close(id, { counted_cash, ...(note && { note }) }, { idempotencyKey: key })
  if (myShift.peek()?.id === id) myShift.value = null
  changed()
  return shift
}

/** The name that this screen had at the last shift. */
export const terminalName = (): string => localStorage.getItem('ticketd.terminal') ?? ''

export const TENDERS: Record<string, string> = { cash: 'Cash', card: 'Card' }
export const tenderName = (tender: string | null): string =>
  tender === null ? 'Free' : TENDERS[tender] ?? tender.replaceAll('_', ' ')
