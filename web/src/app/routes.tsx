/** Which page is at which path? */
import type { ComponentChildren } from 'preact'
import { ApiKeysPage } from '../pages/api_keys/index.tsx'
import { AuditLogPage } from '../pages/audit_log/index.tsx'
import { BoxOfficePage } from '../pages/box_office/index.tsx'
import { DashboardPage } from '../pages/dashboard/index.tsx'
import { EventsPage } from '../pages/events/index.tsx'
import { EventSettingsPage } from '../pages/events/settings.tsx'
import { InventoryPage } from '../pages/inventory/index.tsx'
import { TicketTypePage } from '../pages/inventory/ticket_type.tsx'
import { ReportsPage } from '../pages/reports/index.tsx'
import { SettingsPage } from '../pages/settings/index.tsx'
import { ShiftsPage } from '../pages/shifts/index.tsx'
import { StaffPage } from '../pages/staff/index.tsx'
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
  {
    at: '/admin/events/:event/inventory', title: 'Inventory', right: 'read_counts',
    page: (at) => <InventoryPage eventId={event(at)} key={event(at)} />,
  },
  {
    at: '/admin/events/:event/inventory/:type', title: 'Ticket type', right: 'read_counts',
    page: (at) => <TicketTypePage eventId={event(at)} typeId={at.type ?? ''} key={at.type} />,
  },
  {
    at: '/admin/events/:event/reports', title: 'Sales reports', right: 'read_history',
    page: (at) => <ReportsPage eventId={event(at)} key={event(at)} />,
  },
  {
    at: '/admin/events/:event/audit-log', title: 'Audit log', right: 'read_log',
    page: (at) => <AuditLogPage eventId={event(at)} key={event(at)} />,
  },
  { at: '/admin/audit-log', title: 'Audit log', right: 'read_log', page: () => <AuditLogPage key="all" /> },
  { at: '/admin/staff', title: 'Staff', right: 'people', page: () => <StaffPage /> },
  { at: '/admin/api-keys', title: 'API keys', right: 'people', page: () => <ApiKeysPage /> },
  { at: '/admin/settings', title: 'Settings', right: 'people', page: () => <SettingsPage /> },
  { at: '/admin/shifts', title: 'Shifts', right: 'read_log', page: () => <ShiftsPage /> },
]
