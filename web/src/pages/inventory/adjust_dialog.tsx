/** Add or remove tickets of a type: what the total is, what it will be, and why. */
import { useSignal } from '@preact/signals'
import { TicketdError, TicketdUnreachable, client, uuidv7, wrongAt } from '../../app/api.ts'
import type { Adjusted, Counts, TicketType } from '../../app/model.ts'
import { toast } from '../../app/toasts.tsx'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { Form } from '../../parts/form.tsx'
import { countParse, number, plural } from '../../parts/format.ts'
import { ErrorNote } from '../../parts/states.tsx'

export type Adjustment = 'increase' | 'decrease'

export interface AdjustDialogProps {
  /** With its counts as they are now; they may change while this is open. */
  type: Pick<TicketType, 'id' | 'name'> & { counts: Counts }
  action: Adjustment
  /** Others that could be meant instead, and how to say so. */
  choices?: readonly { id: string; name: string }[]
  onChoose?: (type: { id: string }) => void
  onClose: () => void
  /** After it was done, before onClose. */
  onDone?: (after: Adjusted) => void
}

const REASON_MIN = 3

/** What a person typed as a number of tickets: null if it is none. */
export function readQuantity(text: string): number | null {
  return countParse(text) || null
}

/** Which field a refusal belongs to, in words that fit there. */
export function refusalAt(error: unknown): { quantity?: string; reason?: string } {
  if (!(error instanceof TicketdError)) return {}
  const quantity = wrongAt(error, '/quantity'), reason = wrongAt(error, '/reason')
  if (quantity || reason) return { ...(quantity && { quantity }), ...(reason && { reason }) }
  if (error.code === 'below_committed' || error.code === 'stale_total') return { quantity: error.problem.detail }
  return {}
}

export function AdjustDialog({ type, action, choices = [], onChoose, onClose, onDone }: AdjustDialogProps) {
  const adds = action === 'increase'
  const quantity = useSignal(adds ? '50' : '')
  const reason = useSignal('')
  const busy = useSignal(false)
  const error = useSignal<unknown>(null)
  const tried = useSignal(false)
  // One key for one intention: a retry after a lost answer adds nothing twice.
  const key = useSignal(uuidv7())

  const amount = readQuantity(quantity.value)
  const counts = type.counts
  const after = counts.total + (adds ? 1 : -1) * (amount ?? 0)
  const refused = refusalAt(error.value)
  const wrong = {
    quantity: refused.quantity ?? (tried.value && amount === null ? 'Give a number of 1 or more.' : undefined),
    reason: refused.reason ??
      (tried.value && reason.value.trim().length < REASON_MIN ? 'Say why, in 3 letters or more.' : undefined),
  }
  const changed = () => { error.value = null; key.value = uuidv7() }
  // It may have been done: until there is an answer, the same can be asked again and nothing else.
  const unknown = error.value instanceof TicketdUnreachable

  const submit = async () => {
    if (busy.value) return
    tried.value = true
    if (amount === null || reason.value.trim().length < REASON_MIN) return
    busy.value = true
    try {
      const body = { quantity: amount, reason: reason.value.trim() }
      const done = await client.ticketTypes[action](type.id, body, { idempotencyKey: key.value })
      toast(`${plural(amount, 'ticket')} ${adds ? 'added to' : 'removed from'} ${type.name}. Total is now ${number(done.total)}.`)
      onDone?.(done)
      onClose()
    } catch (cause) {
      error.value = cause
    } finally {
      busy.value = false
    }
  }

  return (
    <Dialog title={adds ? `Add tickets to ${type.name}` : `Remove tickets from ${type.name}`} busy={busy.value} onClose={onClose}>
      <Form onSubmit={submit}>
        {onChoose && choices.length > 1 && (
          <Field label="Ticket type">
            {(control) => (
              <select {...control} value={type.id} disabled={unknown}
                onChange={(event) => { onChoose({ id: event.currentTarget.value }); changed() }}>
                {choices.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
              </select>
            )}
          </Field>
        )}
        <div class="sum" role="group" aria-label="Total after the change">
          <span><small>Total now</small>{number(counts.total)}</span><span aria-hidden="true">{adds ? '+' : '−'}</span>
          <span><small>{adds ? 'Adding' : 'Removing'}</small>{number(amount ?? 0)}</span><span aria-hidden="true">=</span>
          <span><small>New total</small><b>{number(Math.max(0, after))}</b></span>
        </div>
        {!adds && <p class="dialog-lead">At most {number(counts.available)} can be removed: {number(counts.sold)} are sold
          and {number(counts.reserved)} reserved.</p>}
        <Field label="How many" error={wrong.quantity}>
          {(control) => (
            <input {...control} inputMode="numeric" autocomplete="off" value={quantity.value} readOnly={unknown}
              onInput={(event) => { quantity.value = event.currentTarget.value; changed() }} />
          )}
        </Field>
        <Field label="Reason" note="required, kept in the audit log" error={wrong.reason}>
          {(control) => (
            <textarea {...control} rows={2} maxLength={500} value={reason.value} readOnly={unknown}
              placeholder={adds ? 'Side gallery opened by the venue' : 'Rows kept for the crew'}
              onInput={(event) => { reason.value = event.currentTarget.value.replaceAll('\n', ' '); changed() }} />
          )}
        </Field>
        {error.value !== null && !refused.quantity && !refused.reason && (
          <ErrorNote error={error.value}>
            {unknown && <p>It may have been done. Try again: nothing is done twice.</p>}
          </ErrorNote>
        )}
        <div class="row end">
          <Button disabled={busy.value} onClick={onClose}>Cancel</Button>
          <Button kind={adds ? 'primary' : 'danger'} type="submit" busy={busy.value}>
            {adds ? 'Add' : 'Remove'} {amount === null ? 'tickets' : plural(amount, 'ticket')}
          </Button>
        </div>
      </Form>
    </Dialog>
  )
}
