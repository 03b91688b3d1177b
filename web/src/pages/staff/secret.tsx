/** A secret that is shown this once, to be copied. */
import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'

export function Secret({ title, label, secret, onClose, children }: {
  title: string; label: string; secret: string; onClose: () => void; children: ComponentChildren
}) {
  const copied = useSignal(false)
  const copy = async (event: MouseEvent & { currentTarget: HTMLButtonElement }) => {
    const input = event.currentTarget.form?.querySelector('input')
    input?.select()
    // Plain http on a LAN address has no clipboard, and a browser may forbid it: the text is selected, and Ctrl+C does it.
    copied.value = await (navigator.clipboard?.writeText(secret).then(() => true, () => false) ?? false)
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="form" onSubmit={(event) => { event.preventDefault(); onClose() }}>
        <p>{children}</p>
        <Field label={label} hint={copied.value ? 'Copied.' : undefined}>
          {(control) => <input {...control} class="secret" readOnly value={secret} onFocus={(event) => event.currentTarget.select()} />}
        </Field>
        <div class="row end">
          <Button icon="copy" onClick={(event) => void copy(event)}>Copy</Button>
          <Button type="submit" kind="primary">Done</Button>
        </div>
      </form>
    </Dialog>
  )
}
