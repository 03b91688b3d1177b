/** Which page is at which path? */
import type { ComponentChildren } from 'preact'
import { BoxOfficePage } from '../pages/box_office/index.tsx'
import { DashboardPage } from '../pages/dashboard/index.tsx'
import { EventsPage } from '../pages/events/index.tsx'
import { EventSettingsPage } from '../pages/events/settings.tsx'
import { ShiftsPage } from '../pages/shifts/index.tsx'
import type { Right } from './model.ts'

export interface Route {
  /** "/admin/events/:event/inventory" */
  at: string
  title: string
  /** Who lacks it is not shown the page. */
  right?: Right
  /** Without the sidebar: the page is the whole screen. */
  bare?: boolean
  page: (found: Record<string, string>) => ComponentChildren
}

const event = (found: Record<string, string>): string => found.event ?? ''

export const routes: Route[] = [
  { at: '/admin/', title: 'Events', page: () => <EventsPage /> },
  { at: '/admin/events/:event', title: 'Overview', page: (at) => <DashboardPage eventId={event(at)} key={event(at)} /> },
  {
    at: '/admin/events/:event/settings', title: 'Event settings', right: 'adjust',
    page: (at) => <EventSettingsPage eventId={event(at)} key={event(at)} />,
  },
  {
    at: '/admin/events/:event/box-office', title: 'Box office', right: 'sell', bare: true,
    page: (at) => <BoxOfficePage eventId={event(at)} key={event(at)} />,
  },
  { at: '/admin/shifts', title: 'Shifts', right: 'read_log', page: () => <ShiftsPage /> },
]
