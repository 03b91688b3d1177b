/** What the log is narrowed to. Each choice is a part of the address. */
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { param, query, setQuery } from '../../app/router.tsx'
import { Button } from '../../parts/button.tsx'
import { Field, TextField } from '../../parts/field.tsx'
import { dayKey, stamp } from '../../parts/format.ts'
import { daysPeriod } from '../reports/period.ts'

export type Option = readonly [value: string, words: string]

const ACTIONS: Option[] = [
  ['', 'Every change'], ['sale', 'Sales'], ['reserve', 'Reservations'], ['release', 'Releases and expiries'],
  ['refund', 'Refunds'], ['increase', 'Tickets added'], ['decrease', 'Tickets removed'],
]
const CHANNELS: Option[] = [
  ['', 'Every channel'], ['online', 'Online'], ['box_office', 'Box office'], ['partner', 'Partner'], ['comp', 'Comp'],
]
const TENDERS: Option[] = [['', 'Every tender'], ['cash', 'Cash'], ['card', 'Card']]

/** What the address says is among the options, whoever wrote it. */
const withChosen = (options: readonly Option[], chosen: string, words: string): readonly Option[] =>
  options.some(([value]) => value === chosen) ? options : [...options, [chosen, words]]

function Choice({ label, name, options, unknown }: { label: string; name: string; options: readonly Option[]; unknown?: string }) {
  const chosen = param(name)
  return (
    <Field label={label}>
      {(control) => (
        <select {...control} value={chosen} onChange={(event) => setQuery({
            [name]: event.currentTarget.value, ...(name === 'event_id' && { ticket_type_id: null }),
          })}>
          {withChosen(options, chosen, unknown ?? chosen).map(([value, words]) => <option key={value} value={value}>{words}</option>)}
        </select>
      )}
    </Field>
  )
}

/** An instant of the address, or '' where there is none. */
const instant = (name: string): string => Number.isNaN(Date.parse(param(name))) ? '' : param(name)

/** What other pages narrow the log to, and no field here shows. */
function Narrowed({ zone }: { zone: string }) {
  const from = instant('from'), to = instant('to')
  const isMidnight = (at: string) => !at || Date.parse(at) === Date.parse(daysPeriod(dayKey(at, zone), '', zone).from!)
  const words = [
    !(isMidnight(from) && isMidnight(to)) &&
      [from && `from ${stamp(from, zone)}`, to && `up to ${stamp(to, zone)}`].filter(Boolean).join(' '),
    param('reservation_id') && `of the reservation ${param('reservation_id')}`,
  ].filter(Boolean).join(', ')
  return words ? <p class="sub">Entries {words}.</p> : null
}

export const clearFilters = () => setQuery(Object.fromEntries([...query.value.keys()].map((name) => [name, null])))

export function LogFilters({ zone, types, events, actors }: {
  zone: string; types: readonly Option[]; events: readonly Option[]; actors: readonly Option[]
}) {
  const from = instant('from'), to = instant('to'), q = param('q'), orderId = param('order_id')
  const firstDay = from ? dayKey(from, zone) : ''
  const lastDay = to ? dayKey(Date.parse(to) - 1, zone) : ''
  const text = useSignal(q)
  const order = useSignal(orderId)
  useEffect(() => { text.value = q; order.value = orderId }, [q, orderId])
  const days = (first: string, last: string) => setQuery({ ...daysPeriod(first, last, zone) }, { replace: true })
  const search = (event: Event) => {
    event.preventDefault()
    setQuery({ q: text.value.trim(), order_id: order.value.trim() })
  }
  return (
    <form class="filters card" role="search" aria-label="Filters" onSubmit={search}>
      {events.length > 0 && <Choice label="Event" name="event_id" options={[['', 'Every event'], ...events]} />}
      <Choice label="Change" name="action" options={ACTIONS} />
      {types.length > 0 && <Choice label="Ticket type" name="ticket_type_id" options={[['', 'Every ticket type'], ...types]} />}
      <Choice label="Who" name="actor" options={[['', 'Everyone'], ...actors]} unknown={`…${param('actor').slice(-6)}`} />
      <Choice label="Channel" name="channel" options={CHANNELS} />
      <Choice label="Tender" name="tender" options={TENDERS} />
      <TextField label="From" type="date" value={firstDay} onValue={(day) => days(day, lastDay)} />
      <TextField label="Up to" type="date" value={lastDay} onValue={(day) => days(firstDay, day)} />
      <TextField label="Order" value={order.value} maxLength={200} onValue={(value) => { order.value = value }} />
      <TextField label="Text in reason or order" type="search" value={text.value} maxLength={100}
        onValue={(value) => { text.value = value }} />
      <div class="row">
        <Button type="submit" icon="search">Search</Button>
        {query.value.size > 0 && (
          <Button kind="ghost" onClick={clearFilters}>Clear filters</Button>
        )}
      </div>
      <Narrowed zone={zone} />
    </form>
  )
}
