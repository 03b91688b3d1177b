/** What is sold: the form that makes a ticket type and the form that changes one. */
import { useSignal } from '@preact/signals'
import { client, isAtMembers, isStale, wrongAt } from '../../app/api.ts'
import type { Event, TicketType } from '../../app/model.ts'
import { Button } from '../../parts/button.tsx'
import { TextField } from '../../parts/field.tsx'
import { Form } from '../../parts/form.tsx'
import { countParse, fromWall, moneyParse, moneyText, toWall } from '../../parts/format.ts'
import { ErrorNote } from '../../parts/states.tsx'

export interface TicketTypeFormProps {
  event: Event
  type?: TicketType | undefined
  onSaved: (type: { name: string }) => void
  /** Somebody else has changed it meanwhile. */
  onStale: (type: TicketType) => void
  onCancel: () => void
}

interface Draft {
  name: string
  description: string
  price: string
  initial: string
  start: string
  end: string
  order: string
  customer: string
}

const draftOf = (event: Event, type: TicketType | undefined): Draft => ({
  name: type?.name ?? '',
  description: type?.description ?? '',
  price: type ? moneyText(type.price, event.currency) : '',
  initial: '',
  start: type?.sales_start ? toWall(type.sales_start, event.time_zone) : '',
  end: type?.sales_end ? toWall(type.sales_end, event.time_zone) : '',
  order: type?.max_per_order ? String(type.max_per_order) : '',
  customer: type?.max_per_customer ? String(type.max_per_customer) : '',
})

const limit = (text: string): number | null => countParse(text)
const isLimit = (text: string): boolean => !text.trim() || (countParse(text) ?? 0) > 0

function faults(draft: Draft, currency: string, isNew: boolean): Record<string, string> {
  const found: Record<string, string> = {}
  if (!draft.name.trim()) found.name = 'Give it a name.'
  if (moneyParse(draft.price, currency) === null) found.price = 'Give a price, such as 28 or 28.50.'
  if (isNew && countParse(draft.initial) === null) found.initial_inventory = 'Give a number, 0 or more.'
  if (draft.start && draft.end && draft.end <= draft.start) found.sales_end = 'The end is not after the start.'
  if (!isLimit(draft.order)) found.max_per_order = 'Give a number of 1 or more, or nothing.'
  if (!isLimit(draft.customer)) found.max_per_customer = 'Give a number of 1 or more, or nothing.'
  return found
}

export function TicketTypeForm({ event, type, onSaved, onStale, onCancel }: TicketTypeFormProps) {
  const draft = useSignal(draftOf(event, type))
  const busy = useSignal(false)
  const tried = useSignal(false)
  const error = useSignal<unknown>(null)
  const now = draft.value
  const change = (part: Partial<Draft>) => { draft.value = { ...draft.value, ...part }; error.value = null }
  const local = tried.value ? faults(now, event.currency, !type) : {}
  const at = (name: string): string | undefined =>
    local[name] ?? wrongAt(error.value, `/${name}`)

  const submit = async () => {
    if (busy.value) return
    tried.value = true
    if (Object.keys(faults(now, event.currency, !type)).length) return
    busy.value = true
    const body = {
      name: now.name.trim(),
      description: now.description.trim() || null,
      price: moneyParse(now.price, event.currency)!,
      sales_start: fromWall(now.start, event.time_zone),
      sales_end: fromWall(now.end, event.time_zone),
      max_per_order: limit(now.order),
      max_per_customer: limit(now.customer),
    }
    try {
      onSaved(type
        ? await client.ticketTypes.update(type.id, body, { ifMatch: type.settings_version })
        : await client.ticketTypes.create(event.id, { ...body, initial_inventory: countParse(now.initial)! }))
    } catch (cause) {
      if (type && isStale(cause)) onStale(type)
      else error.value = cause
    } finally {
      busy.value = false
    }
  }

  return (
    <Form onSubmit={submit}>
      <TextField label="Name" value={now.name} maxLength={200} error={at('name')} onValue={(name) => change({ name })} />
      <TextField label="Description" note="optional, for the public" value={now.description} maxLength={5000} error={at('description')}
        onValue={(description) => change({ description })} />
      <div class="two">
        <TextField label={`Price in ${event.currency}`} inputMode="decimal" value={now.price} error={at('price')}
          hint={type ? 'Touches new reservations only' : undefined} onValue={(price) => change({ price })} />
        {!type && <TextField label="Tickets to begin with" inputMode="numeric" value={now.initial} error={at('initial_inventory')}
          onValue={(initial) => change({ initial })} />}
      </div>
      <div class="two">
        <TextField label="On sale from" note="optional" type="datetime-local" value={now.start} error={at('sales_start')} onValue={(start) => change({ start })} />
        <TextField label="On sale until" note="optional" type="datetime-local" value={now.end} error={at('sales_end')} onValue={(end) => change({ end })} />
      </div>
      <div class="two">
        <TextField label="Most in one order" note="optional" inputMode="numeric" value={now.order} error={at('max_per_order')} onValue={(order) => change({ order })} />
        <TextField label="Most for one person" note="optional" inputMode="numeric" value={now.customer} error={at('max_per_customer')} onValue={(customer) => change({ customer })} />
      </div>
      {error.value !== null && !isAtMembers(error.value) && <ErrorNote error={error.value} />}
      <div class="row end">
        <Button disabled={busy.value} onClick={onCancel}>Cancel</Button>
        <Button kind="primary" type="submit" busy={busy.value}>{type ? 'Save' : 'Create ticket type'}</Button>
      </div>
    </Form>
  )
}
