/** Opening and closing a drawer: what is in it is counted by a person. */
import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { TicketdError, uuidv7 } from '../../app/api.ts'
import { toast } from '../../app/toasts.tsx'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/field.tsx'
import { Form } from '../../parts/form.tsx'
import { money, moneyParse, moneyText } from '../../parts/format.ts'
import { explain } from '../../parts/states.tsx'
import { closeShift, findMyShift, openShift, terminalName, type Shift } from './shift.ts'

/** Sends once at a time; a retry after no answer is the same request. */
function useSend() {
  const busy = useSignal(false), failed = useSignal('')
  const key = useRef(uuidv7())
  const send = async (work: (key: string) => Promise<void>) => {
    if (busy.peek()) return
    busy.value = true
    failed.value = ''
    try {
      await work(key.current)
    } catch (error) {
      failed.value = explain(error)
      if (error instanceof TicketdError) key.current = uuidv7()
    } finally {
      busy.value = false
    }
  }
  return { busy: busy.value, failed, send }
}

export function OpenShiftDialog({ currency, onClose }: { currency: string; onClose: () => void }) {
  const terminal = useSignal(terminalName()), cash = useSignal('')
  const { busy, failed, send } = useSend()
  const tried = useSignal(false)
  const opening_cash = moneyParse(cash.value.trim() || '0', currency)
  const submit = async () => {
    tried.value = true
    if (opening_cash === null || !terminal.value.trim()) return
    await send(async (key) => {
      await openShift({ terminal: terminal.value.trim(), currency, opening_cash }, key)
      toast(`Shift at ${terminal.value.trim()} opened`)
      onClose()
    })
  }
  return (
    <Dialog title="Open a shift" onClose={onClose} busy={busy}>
      <Form onSubmit={submit}>
        <TextField label="Terminal" hint="Kept on this device for the next time." maxLength={100}
          value={terminal.value} onValue={(text) => { terminal.value = text }} placeholder="Box office 1"
          error={tried.value && !terminal.value.trim() ? 'Say where the drawer is.' : undefined} />
        <TextField label="Opening cash" note={currency} inputMode="decimal" value={cash.value} placeholder="0"
          error={tried.value && opening_cash === null ? 'Give an amount, such as 150 or 150.50.' : undefined}
          onValue={(text) => { cash.value = text }} />
        {failed.value && <p class="form-error" role="alert">{failed.value}</p>}
        <footer class="row end">
          <Button onClick={onClose}>Not now</Button>
          <Button kind="primary" type="submit" busy={busy}>Open shift</Button>
        </footer>
      </Form>
    </Dialog>
  )
}

export function CloseShiftDialog({ shift, onClose, onClosed }: {
  shift: Shift; onClose: () => void; onClosed: (shift: Shift) => void
}) {
  const text = useSignal(''), note = useSignal('')
  const { busy, failed, send } = useSend()
  const counted = moneyParse(text.value, shift.currency)
  const difference = counted === null ? null : counted - shift.expected_cash
  const tried = useSignal(false)
  const submit = async () => {
    tried.value = true
    if (counted === null) return
    await send(async (key) => {
      const closed = await closeShift(shift.id, counted, note.value.trim(), key)
      toast(`Shift at ${closed.terminal} closed`)
      void findMyShift()
      onClosed(closed)
    })
  }
  return (
    <Dialog title={`Close the shift at ${shift.terminal}`} onClose={onClose} busy={busy}>
      <Form onSubmit={submit}>
        <dl class="drawer">
          <div><dt>Expected in the drawer</dt><dd>{money(shift.expected_cash, shift.currency, 'always')}</dd></div>
          <div><dt>Counted</dt><dd>{counted === null ? '–' : money(counted, shift.currency, 'always')}</dd></div>
          <div><dt>Difference</dt><dd class={difference ? 'off' : ''}>{said(difference, shift.currency)}</dd></div>
        </dl>
        <TextField label="Counted cash" note={shift.currency} inputMode="decimal" value={text.value}
          error={tried.value && counted === null ? 'Count the cash in the drawer first.' : undefined}
          placeholder={moneyText(shift.expected_cash, shift.currency)} onValue={(typed) => { text.value = typed }} />
        <TextField label="Note" note="optional" maxLength={500} value={note.value}
          onValue={(typed) => { note.value = typed }} />
        {failed.value && <p class="form-error" role="alert">{failed.value}</p>}
        <footer class="row end">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={busy}>Close shift</Button>
        </footer>
      </Form>
    </Dialog>
  )
}

/** "$2.00 too much", in words as well as by its sign. */
export function said(difference: number | null, currency: string): string {
  if (difference === null) return '–'
  if (difference === 0) return 'None'
  return `${money(Math.abs(difference), currency, 'always')} ${difference > 0 ? 'too much' : 'missing'}`
}
