/** All events: what is coming, how full it is, and what wants attention. */
import { computed, useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { client } from '../../app/api.ts'
import { useKeys } from '../../app/keys.tsx'
import { useLive, countsOf, LIVE_EVENTS_MAX } from '../../app/live.ts'
import type { Counts, Event } from '../../app/model.ts'
import { useResource } from '../../app/resource.ts'
import { navigate, param, setQuery } from '../../app/router.tsx'
import { can, isForAll, isMine } from '../../app/session.ts'
import { eventsChanged } from '../../app/shell.tsx'
import { toast } from '../../app/toasts.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Bar } from '../../parts/bar.tsx'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { away, number, percent, plural } from '../../parts/format.ts'
import { Icon } from '../../parts/icon.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { EmptyState, Loaded, Skeleton, SkeletonRows } from '../../parts/states.tsx'
import { DateTime } from '../../parts/zoned.tsx'
import { scarce } from './attention.ts'
import { EventForm } from './event_form.tsx'

const PERIODS = [
  { value: 'upcoming', label: 'Upcoming' }, { value: 'past', label: 'Past' }, { value: 'all', label: 'All' },
] as const
type When = (typeof PERIODS)[number]['value']

/** Typing rests this long before the server is asked. */
const REST_MS = 200

export function summed(all: readonly Counts[]): Counts {
  const sum = { initial: 0, total: 0, sold: 0, reserved: 0, available: 0 }
  for (const one of all) {
    sum.initial += one.initial
    sum.total += one.total
    sum.sold += one.sold
    sum.reserved += one.reserved
    sum.available += one.available
  }
  return sum
}

/** The event that was made last: the next one is mostly of its time zone and currency. */
const newest = (events: readonly Event[]): Event | undefined =>
  events.toSorted((a, b) => a.created_at < b.created_at ? 1 : -1)[0]

const searched = (event: Event): boolean => !event.archived_at

function Badges({ event }: { event: Event }) {
  return (
    <>
      {event.archived_at ? <Badge>Archived</Badge> : !event.published && <Badge tone="warn">Not published</Badge>}
      {event.featured && !event.archived_at && <Badge tone="info">Featured</Badge>}
    </>
  )
}

function EventRow({ event }: { event: Event }) {
  const inventory = useResource(
    (signal) => client.events.inventory(event.id, { signal }), [event.id, event.version])
  const types = inventory.data.value?.ticket_types.map((type) => ({ ...type, counts: countsOf(type) }))
  const sum = types && summed(types.map((type) => type.counts))
  const wants = types && event.published ? scarce(types, Date.now()) : { low: [], gone: [] }
  const words = [
    wants.low.length > 0 && `${wants.low[0]!.name}: ${wants.low[0]!.counts.available} left`,
    wants.gone.length > 0 && `${wants.gone.map((type) => type.name).join(', ')} sold out`,
  ].filter(Boolean).join(' · ')
  return (
    <li>
      {event.image_url
        ? <img class="thumb" src={event.image_url} alt="" loading="lazy" referrerpolicy="no-referrer" />
        : <span class="thumb"><Icon name="box" size={22} /></span>}
      <div class="what">
        <a href={`/admin/events/${event.id}`}>{event.name}</a> <Badges event={event} />
        <small><DateTime at={event.start_date} zone={event.time_zone} /> · {away(event.start_date, event.time_zone)}</small>
        {words && <small class="attention"><Icon name="alert" size={14} />{words}</small>}
      </div>
      <div class="full">
        {sum ? <><Bar counts={sum} label={event.name} /><small>{number(sum.sold)} of {number(sum.total)} sold · {percent(sum.sold, sum.total)}</small></>
          : inventory.error.value ? <small>Counts cannot be read. <Button size="small" kind="ghost" onClick={() => void inventory.reload()}>Retry</Button></small> : <Skeleton height="34px" />}
      </div>
      <div class="left">{sum && <><b>{number(sum.available)}</b><small>available</small></>}</div>
    </li>
  )
}

/** Who is there for some events only cannot make another. */
const mayCreate = (): boolean => can('adjust') && isForAll()

export function EventsPage() {
  const when = (param('when') || 'upcoming') as When, text = param('q'), archived = param('archived') === 'yes'
  const typed = useSignal(text)
  const creating = useSignal(false)
  const events = useResource(
    (signal) => client.events.list({ when, q: text, limit: 200 }, { signal }), [when, text])
  useEffect(() => { typed.value = text }, [text])
  useEffect(() => {
    if (typed.value.trim() === text) return
    const timer = setTimeout(() => setQuery({ q: typed.value.trim() }, { replace: true }), REST_MS)
    return () => clearTimeout(timer)
  }, [typed.value])
  const shown = useMemo(() => computed(() => events.data.value?.data ?? []), [])
  const rows = shown.value.filter((event) => (archived || searched(event)) && isMine(event.id))
  useLive({ eventIds: rows.slice(0, LIVE_EVENTS_MAX).map((event) => event.id), onReset: () => void events.reload() })
  useKeys([
    { key: '/', label: 'Search events', run: () => document.getElementById('event-search')?.focus() },
    ...(mayCreate() ? [{ key: 'n', label: 'New event', run: () => { creating.value = true } }] : []),
  ])
  const isAnyArchived = shown.value.some((event) => event.archived_at)

  return (
    <>
      <header class="page-head">
        <h1>Events</h1>
        {mayCreate() && <Button kind="primary" icon="plus" onClick={() => { creating.value = true }}>New event</Button>}
      </header>
      <section class="card" aria-label="Events">
        <div class="events-tools">
          <input id="event-search" type="search" placeholder="Search by name" aria-label="Search events" value={typed.value}
            onInput={(event) => { typed.value = event.currentTarget.value }} />
          <Segmented label="When" options={PERIODS} value={when} onValue={(value) => setQuery({ when: value === 'upcoming' ? null : value })} />
          {(isAnyArchived || archived) && (
            <Button size="small" kind="ghost" aria-pressed={archived}
              onClick={() => setQuery({ archived: archived ? null : 'yes' })}>{archived ? 'Hide archived' : 'Show archived'}</Button>
          )}
        </div>
        <p class="vh" role="status">{events.data.value && plural(rows.length, 'event')}</p>
        <Loaded resource={events} skeleton={<SkeletonRows rows={5} height="76px" />}>
          {() => rows.length
            ? <ul class="event-rows">{rows.map((event) => <EventRow event={event} key={event.id} />)}</ul>
            : text
              ? <EmptyState icon="search" action={<Button onClick={() => { typed.value = ''; setQuery({ q: null }) }}>Clear the search</Button>}>No event matches “{text}”.</EmptyState>
              : <EmptyState icon="calendar" action={mayCreate() && <Button kind="primary" onClick={() => { creating.value = true }}>Create an event</Button>}>
                  There are no {when === 'all' ? '' : `${when} `}events.</EmptyState>}
        </Loaded>
      </section>
      {creating.value && (
        <Dialog title="New event" wide onClose={() => { creating.value = false }}>
          <EventForm like={newest(shown.value)} onCancel={() => { creating.value = false }} onSaved={(event) => {
            toast(`${event.name} was created.`)
            eventsChanged()
            creating.value = false
            navigate(`/admin/events/${event.id}/settings`)
          }} />
        </Dialog>
      )}
    </>
  )
}
