/** The frame of every page: where one can go, who one is, and the page itself as main. */
import { computed, signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { Icon, type IconName } from '../parts/icon.tsx'
import { date } from '../parts/format.ts'
import { explain } from '../parts/states.tsx'
import { client } from './api.ts'
import { showHelp } from './keys.tsx'
import { liveState } from './live.ts'
import type { Event, Right, Role } from './model.ts'
import { navigate, path } from './router.tsx'
import { can, isMine, me, signOut } from './session.ts'
import { setTheme, theme, type Theme } from './theme.ts'
import { toast } from './toasts.tsx'

export interface Place { label: string; icon: IconName; to: string; right?: Right; within?: boolean }

const events = signal<Event[]>([])
const menuOpen = signal(false)

/** The event one was at last: its pages stay at hand from those of the whole house. */
const eventId = signal('')
export function atEvent(id: string): void {
  eventId.value = id
}
/** The event whose pages are at hand. */
export const event = computed(() => events.value.find((one) => one.id === eventId.value))

async function loadEvents(): Promise<void> {
  try {
    events.value = (await client.events.list({ limit: 200 })).data
      .filter((one) => !one.archived_at && isMine(one.id))
    eventId.value ||= events.value.find((one) => Date.parse(one.end_date ?? one.start_date) > Date.now())?.id ?? ''
  } catch { /* The page itself says what is wrong. */ }
}
export const eventsChanged = () => void loadEvents()

const eventPlaces = (id: string): Place[] => [
  { label: 'Overview', icon: 'home', to: `/admin/events/${id}` },
  { label: 'Inventory', icon: 'box', to: `/admin/events/${id}/inventory`, right: 'read_counts', within: true },
  { label: 'Box office', icon: 'till', to: `/admin/events/${id}/box-office`, right: 'sell' },
  { label: 'Sales reports', icon: 'chart', to: `/admin/events/${id}/reports`, right: 'read_history' },
  { label: 'Audit log', icon: 'log', to: `/admin/events/${id}/audit-log`, right: 'read_log' },
  { label: 'Event settings', icon: 'edit', to: `/admin/events/${id}/settings`, right: 'adjust' },
]

const housePlaces: Place[] = [
  { label: 'All events', icon: 'calendar', to: '/admin/' },
  { label: 'Whole audit log', icon: 'log', to: '/admin/audit-log', right: 'read_log' },
  { label: 'Shifts', icon: 'shift', to: '/admin/shifts', right: 'read_log' },
  { label: 'Staff', icon: 'people', to: '/admin/staff', right: 'people' },
  { label: 'API keys', icon: 'key', to: '/admin/api-keys', right: 'people' },
  { label: 'Settings', icon: 'gear', to: '/admin/settings', right: 'people' },
]

export const ROLES: Record<Role, string> = {
  admin: 'Administrator', event_manager: 'Event manager', box_office: 'Box office', checkout: 'Checkout', viewer: 'Viewer',
}

const isAt = (place: Place): boolean =>
  path.value === place.to || (place.within === true && path.value.startsWith(`${place.to}/`))

function Places({ label, places, heading }: { label: string; places: Place[]; heading?: string }) {
  return (
    <nav aria-label={label}>
      {heading && <p class="nav-head">{heading}</p>}
      <ul>
        {places.filter((place) => !place.right || can(place.right)).map((place) => (
          <li key={place.to}>
            <a href={place.to} aria-current={isAt(place) ? 'page' : undefined}><Icon name={place.icon} />{place.label}</a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** Another event, on the page one is at. */
function EventSwitch() {
  const change = (id: string) => {
    const here = /^\/admin\/events\/[^/]+(\/[a-z-]+)?/.exec(path.value)
    navigate(`/admin/events/${id}${here?.[1] ?? ''}`)
  }
  return (
    <label class="event-switch">
      <span class="vh">Event</span>
      <b>{event.value?.name ?? 'Choose an event'}</b>
      <small>{event.value ? date(event.value.start_date, event.value.time_zone) : ' '}</small>
      <Icon name="down" />
      <select value={eventId.value} onChange={(changed) => change(changed.currentTarget.value)}>
        {events.value.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
      </select>
    </label>
  )
}

const THEMES: { value: Theme; label: string; icon: IconName }[] = [
  { value: 'system', label: 'Theme of the system', icon: 'auto' },
  { value: 'light', label: 'Light theme', icon: 'sun' },
  { value: 'dark', label: 'Dark theme', icon: 'moon' },
]

export function ThemeSwitch() {
  return (
    <div class="theme-switch" role="group" aria-label="Theme">
      {THEMES.map((one) => (
        <button type="button" key={one.value} aria-label={one.label} title={one.label}
          aria-pressed={theme.value === one.value} onClick={() => setTheme(one.value)}><Icon name={one.icon} size={16} /></button>
      ))}
    </div>
  )
}

export const initials = (name: string): string =>
  name.split(/\s+/).filter(Boolean).map((word) => word[0]).join('').slice(0, 2).toUpperCase() || '?'

function Person() {
  const who = me.value
  if (!who) return null
  return (
    <div class="person">
      <span class="avatar" aria-hidden="true">{initials(who.name)}</span>
      <span class="who"><b>{who.name}</b><small>{ROLES[who.role]}</small></span>
      {who.actor.kind === 'staff' &&
        <button type="button" class="ic" aria-label="Sign out" title="Sign out" 
          onClick={() => void signOut().catch((error) => toast(explain(error), { kind: 'failed' }))}><Icon name="leave" /></button>}
    </div>
  )
}

export const Logo = () => (
  <span class="logo">
    <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true">
      <path d="M3 7.5A2.5 2.5 0 0 1 5.5 5h15A2.5 2.5 0 0 1 23 7.5V10a3 3 0 0 0 0 6v2.5A2.5 2.5 0 0 1 20.5 21h-15A2.5 2.5 0 0 1 3 18.5V16a3 3 0 0 0 0-6z" fill="currentColor" />
      <path class="cut" d="M9 9v8M12.5 9v8M16 9v8" stroke-width="2" stroke-linecap="round" />
    </svg>
    ticketd
  </span>
)

const LIVE_WORDS = { live: 'Live', reconnecting: 'Reconnecting…', paused: 'Paused' } as const

/** Whether what one sees moves by itself. */
export const LiveMark = () => (
  <span class={`live ${liveState.value}`} role="status"><i aria-hidden="true" />{LIVE_WORDS[liveState.value]}</span>
)

export function Shell({ children }: { children: ComponentChildren }) {
  useEffect(() => { void loadEvents() }, [])
  useEffect(() => { menuOpen.value = false }, [path.value])
  return (
    <div class={menuOpen.value ? 'shell open' : 'shell'}>
      <a class="skip" href="#main">Skip to content</a>
      <header class="side">
        <div class="side-top">
          <a href="/admin/" class="home"><Logo /></a>
          <button type="button" class="ic menu" aria-expanded={menuOpen.value} aria-controls="places"
            onClick={() => { menuOpen.value = !menuOpen.value }}>
            <Icon name={menuOpen.value ? 'x' : 'menu'} size={22} /><span class="vh">Menu</span>
          </button>
        </div>
        <div class="places" id="places">
          {events.value.length > 0 && <EventSwitch />}
          {eventId.value && <Places label="Event" places={eventPlaces(eventId.value)} />}
          <Places label="House" heading="House" places={housePlaces} />
          <div class="side-end">
            <ThemeSwitch />
            <button type="button" class="ic" aria-label="Keys" title="Keys (?)" onClick={showHelp}><kbd>?</kbd></button>
          </div>
          <Person />
        </div>
      </header>
      <main id="main" tabIndex={-1}>{children}</main>
    </div>
  )
}
