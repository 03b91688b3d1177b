/** Which keys do something here? Pages name theirs; `?` shows them all. */
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Dialog } from '../parts/dialog.tsx'

export interface Binding {
  /** As KeyboardEvent.key says it: "/", "Escape", "n". */
  key: string
  label: string
  run: (event: KeyboardEvent) => void
  /** Shown instead of the key: "1–9". */
  shown?: string
}

const bindings = signal<Binding[]>([])
const helpShown = signal(false)
export const showHelp = () => { helpShown.value = true }

/** The keys of the page that shows this, while it is shown. Pass the same list each time or one per value. */
export function useKeys(list: Binding[], deps: unknown[] = []): void {
  useEffect(() => {
    bindings.value = [...bindings.peek(), ...list]
    return () => { bindings.value = bindings.peek().filter((one) => !list.includes(one)) }
  }, deps)
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

export function listenForKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (isTyping(event.target) || document.querySelector('dialog[open]')) return
    if (event.key === '?') {
      event.preventDefault()
      return showHelp()
    }
    const found = bindings.peek().findLast((one) => one.key === event.key)
    if (!found) return
    event.preventDefault()
    found.run(event)
  })
}

export function KeyboardHelp() {
  if (!helpShown.value) return null
  return (
    <Dialog title="Keys" onClose={() => { helpShown.value = false }}>
      <dl class="keys">
        {[...bindings.value.filter((one) => one.label), { key: '?', label: 'Show these keys' } as Binding].map((one) => (
          <div key={one.key}><dt><kbd>{one.shown ?? one.key}</kbd></dt><dd>{one.label}</dd></div>
        ))}
      </dl>
    </Dialog>
  )
}
