/** Two questions that need a reason: free tickets, and taking a sale back. */
import { useSignal } from '@preact/signals'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/field.tsx'

export interface ReasonProps {
  title: string
  text: string
  verb: string
  proposals: string[]
  onReason: (reason: string) => void
  onClose: () => void
}

export function ReasonDialog({ title, text, verb, proposals, onReason, onClose }: ReasonProps) {
  const reason = useSignal(''), error = useSignal('')
  // A field that is entered brings a keyboard over half the screen; a finger mostly wants a proposal.
  const onTouch = matchMedia('(pointer: coarse)').matches
  const submit = (event: Event) => {
    event.preventDefault()
    const said = reason.value.trim()
    if (said.length < 3) return void (error.value = 'Say why, in at least 3 characters.')
    onReason(said)
    onClose()
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="form" onSubmit={submit}>
        <p>{text}</p>
        <div class="proposals" role="group" aria-label="Common reasons">
          {proposals.map((one, i) => <Button key={one} autofocus={i === 0 && onTouch} aria-pressed={reason.value === one} onClick={() => { reason.value = one }}>{one}</Button>)}
        </div>
        <TextField label="Reason" note="required, kept in the audit log" value={reason.value} maxLength={500}
          error={error.value || undefined} onValue={(typed) => { reason.value = typed; error.value = '' }} />
        <footer class="row end">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit">{verb}</Button>
        </footer>
      </form>
    </Dialog>
  )
}
