/** A word about what has just happened, with a way back where there is one. */
import { signal } from '@preact/signals'
import { Icon } from '../parts/icon.tsx'

export interface Toast {
  id: number
  text: string
  kind: 'done' | 'failed'
  action?: { label: string; run: () => void }
}

/** Long enough to be read twice; what failed stays until it is put away. */
const SHOWN_MS = 6000

const toasts = signal<Toast[]>([])
let last = 0

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id)
}

export function toast(text: string, options: Partial<Pick<Toast, 'kind' | 'action'>> = {}): number {
  const id = ++last
  toasts.value = [...toasts.value.slice(-3), { id, text, kind: 'done', ...options }]
  if (options.kind !== 'failed') setTimeout(() => dismiss(id), SHOWN_MS)
  return id
}

/** Somebody else was first: nothing was saved, and it is shown as it is now. */
export const toastStale = (name: string): number =>
  toast(`${name} was changed by somebody else meanwhile, and is shown as it is now. Your change was not saved.`, { kind: 'failed' })

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((one) => (
        <div class={`toast ${one.kind}`} key={one.id}>
          <Icon name={one.kind === 'done' ? 'check' : 'alert'} />
          <span>{one.text}</span>
          {one.action && <button class="btn sm ghost" onClick={one.action.run}>{one.action.label}</button>}
          <button class="ic" aria-label="Put away" onClick={() => dismiss(one.id)}><Icon name="x" /></button>
        </div>
      ))}
    </div>
  )
}
