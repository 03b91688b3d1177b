/** A question in front of the page. Native: focus stays in it, Esc closes it, focus goes back after. */
import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { Icon } from './icon.tsx'

export interface DialogProps {
  title: string
  onClose: () => void
  children: ComponentChildren
  /** Cannot be put away: the answer is awaited. */
  busy?: boolean
  wide?: boolean
}

export function Dialog({ title, onClose, children, busy = false, wide = false }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  const id = useId()
  useLayoutEffect(() => {
    const dialog = element.current!
    const before = document.activeElement as HTMLElement | null
    dialog.showModal()
    dialog.querySelector<HTMLElement>('[autofocus], input, textarea, select')?.focus()
    return () => {
      dialog.close()
      if (before?.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog ref={element} aria-labelledby={id} class={wide ? 'wide' : ''}
      onCancel={(event) => { event.preventDefault(); if (!busy) onClose() }}>
      <header class="dialog-head">
        <h2 id={id}>{title}</h2>
        <button type="button" class="ic" aria-label="Close" disabled={busy} onClick={onClose}><Icon name="x" /></button>
      </header>
      {children}
    </dialog>
  )
}
