/** For all events, or for some: of a person and of a key. */
import type { Signal } from '@preact/signals'
import type { Event } from '../../app/model.ts'

export function EventScope({ events, value, error }: {
  events: readonly Event[]; value: Signal<string[] | null>; error?: string | undefined
}) {
  const some = value.value ?? []
  const turn = (id: string, on: boolean) => {
    value.value = on ? [...some, id] : some.filter((one) => one !== id)
  }
  return (
    <fieldset class={error ? 'scope wrong' : 'scope'}>
      <legend>Events</legend>
      <label class="check">
        <input type="radio" name="scope" checked={value.value === null} onChange={() => { value.value = null }} />
        <span>All events, also those to come</span>
      </label>
      <label class="check">
        <input type="radio" name="scope" checked={value.value !== null} onChange={() => { value.value = [] }} />
        <span>Only these:</span>
      </label>
      {value.value !== null && (
        <div class="scope-list">
          {events.map((event) => (
            <label class="check" key={event.id}>
              <input type="checkbox" checked={some.includes(event.id)}
                onChange={(change) => turn(event.id, change.currentTarget.checked)} />
              <span>{event.name}</span>
            </label>
          ))}
        </div>
      )}
      {error && <p class="error" role="alert">{error}</p>}
    </fieldset>
  )
}
