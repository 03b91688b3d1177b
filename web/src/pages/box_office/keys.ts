/** Selling from the keyboard, for those who want it: a cat on the keys sells nothing once it is off. */
import { signal } from '@preact/signals'
import type { Binding } from '../../app/keys.tsx'

export const keysOn = signal(localStorage.getItem('ticketd.till.keys') !== 'off')

export function turnKeys(): void {
  keysOn.value = !keysOn.peek()
  localStorage.setItem('ticketd.till.keys', keysOn.peek() ? 'on' : 'off')
}

export interface TillKeys { add: (index: number) => void; removeLast: () => void; pay: (how: 'cash' | 'card') => void; clear: () => void }

/** A key that is held down counts once. */
const once = (run: () => void) => (event: KeyboardEvent) => { if (!event.repeat) run() }

export function tillBindings(does: TillKeys): Binding[] {
  const digits = Array.from({ length: 9 }, (_, i): Binding => ({
    key: String(i + 1), label: i ? '' : 'Add one of the ticket type', shown: '1–9', run: once(() => does.add(i)),
  }))
  const paid = (key: string, how: 'cash' | 'card', label: string): Binding[] => [
    { key, label, run: once(() => does.pay(how)) },
    { key: key.toUpperCase(), label: '', run: once(() => does.pay(how)) },
  ]
  return [
    ...digits,
    { key: 'Backspace', label: 'Take one off', run: () => does.removeLast() },
    ...paid('c', 'cash', 'Sell for cash'),
    ...paid('k', 'card', 'Sell by card'),
    { key: 'Escape', label: 'Clear the sale', run: once(() => does.clear()) },
  ]
}
