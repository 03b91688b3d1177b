/** What an event is: the form that makes one and the form that changes one. */
import { useSignal } from '@preact/signals'
import { client, isAtMembers, isStale, wrongAt } from '../../app/api.ts'
import type { Event } from '../../app/model.ts'
import { useResource } from '../../app/resource.ts'
import { Button } from '../../parts/button.tsx'
import { Check, Field, TextField } from '../../parts/field.tsx'
import { Form } from '../../parts/form.tsx'
import { HERE, fromWall, toWall, zone } from '../../parts/format.ts'
import { ErrorNote } from '../../parts/states.tsx'

export interface EventFormProps {
  /** The event to change; a new one is made without. */
  event?: Event
  /** A new one is offered what is usual here: of this event, the time zone and the currency. */
  like?: Event | undefined
  onSaved: (event: Event) => void
  /** Somebody else has changed it meanwhile. */
  onStale?: (event: Event) => void
  onCancel?: () => void
}

const ZONES = Intl.supportedValuesOf('timeZone')

interface Draft {
  name: string
  description: string
  venue_id: string
  start: string
  end: string
  time_zone: string
  currency: string
  image_url: string
  published: boolean
  featured: boolean
}

function draftOf(event: Event | undefined, like = event): Draft {
  const here = like?.time_zone ?? HERE
  return {
    name: event?.name ?? '',
    description: event?.description ?? '',
    venue_id: event?.venue_id ?? '',
    start: event ? toWall(event.start_date, here) : '',
    end: event?.end_date ? toWall(event.end_date, here) : '',
    time_zone: here,
    currency: like?.currency ?? '',
    image_url: event?.image_url ?? '',
    published: event?.published ?? false,
    featured: event?.featured ?? false,
  }
}

function bodyOf(draft: Draft) {
  return {
    name: draft.name.trim(),
    description: draft.description.trim() || null,
    venue_id: draft.venue_id || null,
    start_date: fromWall(draft.start, draft.time_zone) ?? '',
    end_date: fromWall(draft.end, draft.time_zone),
    time_zone: draft.time_zone,
    ...(draft.currency && { currency: draft.currency.trim().toUpperCase() }),
    image_url: draft.image_url.trim() || null,
    published: draft.published,
    featured: draft.featured,
  }
}

/** What the server would refuse anyway, said at once; keys are those of the body. */
function faults(draft: Draft): Record<string, string> {
  const found: Record<string, string> = {}
  if (!draft.name.trim()) found.name = 'Give it a name.'
  if (!draft.start) found.start_date = 'Say when it starts.'
  if (draft.end && draft.end < draft.start) found.end_date = 'The end is before the start.'
  if (draft.image_url && !/^https:\/\/\S+$/.test(draft.image_url.trim())) found.image_url = 'Use an address that begins with https://.'
  return found
}

export function EventForm({ event, like, onSaved, onStale, onCancel }: EventFormProps) {
  const draft = useSignal(draftOf(event, like))
  const busy = useSignal(false)
  const tried = useSignal(false)
  const error = useSignal<unknown>(null)
  const venues = useResource((signal) => client.venues.list({ limit: 200 }, { signal }), [])
  const change = (part: Partial<Draft>) => { draft.value = { ...draft.value, ...part }; error.value = null }
  const now = draft.value
  const local = tried.value ? faults(now) : {}
  const at = (name: string): string | undefined =>
    local[name] ?? wrongAt(error.value, `/${name}`)

  const submit = async () => {
    if (busy.value) return
    tried.value = true
    if (Object.keys(faults(now)).length) return
    busy.value = true
    try {
      const body = bodyOf(now)
      onSaved(event
        ? await client.events.update(event.id, body, { ifMatch: event.version })
        : await client.events.create(body))
    } catch (cause) {
      if (event && onStale && isStale(cause)) onStale(event)
      else error.value = cause
    } finally {
      busy.value = false
    }
  }
  const abbreviation = now.start && zone(fromWall(now.start, now.time_zone) ?? Date.now(), now.time_zone)

  return (
    <Form onSubmit={submit}>
      <TextField label="Name" value={now.name} maxLength={200} error={at('name')} onValue={(name) => change({ name })} />
      <div class="two">
        <TextField label="Starts" type="datetime-local" value={now.start} error={at('start_date')}
          hint={abbreviation && `${abbreviation}, the event's own clock`} onValue={(start) => change({ start })} />
        <TextField label="Ends" note="optional" type="datetime-local" value={now.end} error={at('end_date')} onValue={(end) => change({ end })} />
      </div>
      <div class="two">
        <Field label="Time zone" error={at('time_zone')}>
          {(control) => (
            <select {...control} value={now.time_zone} onChange={(changed) => change({ time_zone: changed.currentTarget.value })}>
              {(ZONES.includes(now.time_zone) ? ZONES : [now.time_zone, ...ZONES]).map((name) =>
                <option key={name} value={name}>{name.replaceAll('_', ' ')}</option>)}
            </select>
          )}
        </Field>
        <Field label="Venue" note="optional" error={at('venue_id')}>
          {(control) => (
            <select {...control} value={now.venue_id} onChange={(changed) => change({ venue_id: changed.currentTarget.value })}>
              <option value="">None</option>
              {(venues.data.value?.data ?? []).filter((one) => !one.archived_at || one.id === now.venue_id).map((one) =>
                <option key={one.id} value={one.id}>{one.name}</option>)}
            </select>
          )}
        </Field>
      </div>
      <Field label="Description" note="optional, for the public" error={at('description')}>
        {(control) => <textarea {...control} rows={3} maxLength={5000} value={now.description}
          onInput={(typed) => change({ description: typed.currentTarget.value })} />}
      </Field>
      <div class="two">
        <TextField label="Image" note="optional, an https address" type="url" value={now.image_url} error={at('image_url')}
          onValue={(image_url) => change({ image_url })} />
        <TextField label="Currency" note={event ? undefined : 'the house’s if left out'} value={now.currency} maxLength={3} error={at('currency')}
          hint="Fixed by the first reservation" placeholder="USD" onValue={(currency) => change({ currency })} />
      </div>
      {/^https:\/\/\S+$/.test(now.image_url) &&
        <img class="thumb-large" src={now.image_url} alt="The image as it will be shown" referrerpolicy="no-referrer" />}
      <Check label="Published" hint="The public sees it and can reserve." checked={now.published} onChecked={(published) => change({ published })} />
      <Check label="Featured" hint="Shops show it first." checked={now.featured} onChecked={(featured) => change({ featured })} />
      {error.value !== null && !isAtMembers(error.value) && <ErrorNote error={error.value} />}
      <div class="row end">
        {onCancel && <Button disabled={busy.value} onClick={onCancel}>Cancel</Button>}
        <Button kind="primary" type="submit" busy={busy.value}>{event ? 'Save' : 'Create event'}</Button>
      </div>
    </Form>
  )
}
