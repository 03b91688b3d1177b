/** What the log is narrowed to. Each choice is a part of the address. */
import { useSignal } from '@preact/signals'
import { query, setQuery } from '../../app/router.tsx'
import { Button } from '../../parts/button.tsx'
import { Field, TextField } from '../../parts/field.tsx'
import type { Names } from './names.ts'
import { dayOf, daysPeriod } from '../reports/period.ts'

const ACTIONS = [
  ['', 'Every change'], ['sale', 'Sales'], ['reserve', 'Reservations'], ['release', 'Releases and expiries'],
  ['refund', 'Refunds'], ['increase', 'Tickets added'], ['decrease', 'Tickets removed'],
] as const
const CHANNELS = [
  ['', 'Every channel'], ['online', 'Online'], ['box_office', 'Box office'], ['partner', 'Partner'], ['comp', 'Comp'],
] as const

function Choice({ label, name, options }: {
  label: string; name: string; options: readonly (readonly [string, string])[]
}) {
  return (
    <Field label={label}>
      {(control) => (
        <select {...control} value={query.value.get(name) ?? ''}
          onChange={(event) => setQuery({ [name]: event.currentTarget.value })}>
          {options.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
        </select>
      )}
    </Field>
  )
}

export function LogFilters({ names, eventId }: { names: Names; eventId: string | undefined }) {
  const zone = eventId ? names.zone(eventId) : 'UTC'
  const from = query.value.get('from'), to = query.value.get('to')
  const firstDay = from ? dayOf(Date.parse(from), zone) : ''
  const lastDay = to ? dayOf(Date.parse(to) - 1, zone) : ''
  const text = useSignal(query.value.get('q') ?? '')
  const order = useSignal(query.value.get('order_id') ?? '')
  const days = (first: string, last: string) => setQuery({ ...daysPeriod(first, last, zone) })
  const isFiltered = [...query.value.keys()].length > 0
  const search = (event: Event) => {
    event.preventDefault()
    setQuery({ q: text.value.trim(), order_id: order.value.trim() })
  }
  return (
    <form class="filters card" role="search" aria-label="Filters" onSubmit={search}>
      <Choice label="Change" name="action" options={ACTIONS} />
      {names.types.length > 0 && (
        <Choice label="Ticket type" name="ticket_type_id"
          options={[['', 'Every ticket type'], ...names.types.map(({ id, name }) => [id, name] as const)]} />
      )}
      <Choice label="Channel" name="channel" options={CHANNELS} />
      <TextField label="From" type="date" value={firstDay} onValue={(day) => days(day, lastDay)} />
      <TextField label="Up to" type="date" value={lastDay} onValue={(day) => days(firstDay, day)} />
      <TextField label="Order" value={order.value} onValue={(value) => { order.value = value }} />
      <TextField label="Text in reason or order" type="search" value={text.value}
        onValue={(value) => { text.value = value }} />
      <div class="row">
        <Button type="submit" icon="search">Search</Button>
        {isFiltered && (
          <Button kind="ghost" onClick={() => {
            text.value = order.value = ''
            setQuery(Object.fromEntries([...query.value.keys()].map((name) => [name, null])))
          }}>Clear filters</Button>
        )}
      </div>
    </form>
  )
}
