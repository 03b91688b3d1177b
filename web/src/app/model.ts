/** The shapes of the API that pages speak of, by the contract's own names. */
export type Right =
  | 'reserve' | 'complete' | 'sell' | 'refund' | 'adjust' | 'people'
  | 'read' | 'read_counts' | 'read_log' | 'read_history'
export type Role = 'admin' | 'event_manager' | 'box_office' | 'checkout' | 'viewer'
export type Action = 'increase' | 'decrease' | 'reserve' | 'release' | 'sale' | 'refund'
export type Channel = 'online' | 'box_office' | 'partner' | 'comp'
export type Status = 'active' | 'completed' | 'released' | 'expired'

/** `name` only in the log: what a member of staff or a key is called now. */
export interface Actor { kind: 'user' | 'staff' | 'key' | 'system'; id: string | null; name?: string | null }

export interface Me {
  actor: Actor
  name: string
  email: string | null
  role: Role
  event_ids: string[] | null
  rights: Right[]
  session_expires_at: string | null
}

export interface Page<T> { data: T[]; next_cursor: string | null }

export interface Event {
  id: string
  name: string
  description: string | null
  venue_id: string | null
  start_date: string
  end_date: string | null
  created_at: string
  updated_at: string
  published: boolean
  featured: boolean
  image_url: string | null
  currency: string
  time_zone: string
  archived_at: string | null
  version: number
}

export interface Venue {
  id: string
  name: string
  address: string | null
  time_zone: string | null
  archived_at: string | null
  version: number
}

export interface Counts { initial: number; total: number; sold: number; reserved: number; available: number }

export interface TicketType {
  id: string
  event_id: string
  name: string
  description: string | null
  price: number
  currency: string
  sales_start: string | null
  sales_end: string | null
  max_per_order: number | null
  max_per_customer: number | null
  counts: Counts
  created_at: string
  updated_at: string
  archived_at: string | null
  settings_version: number
}

export interface Inventory { event: Event; ticket_types: TicketType[]; totals: Counts }

export interface Adjusted extends Counts { ticket_type_id: string; entry_id: string; seq: number }

export interface Reservation {
  id: string
  event_id: string
  ticket_type_id: string
  cart_id: string | null
  quantity: number
  refunded_quantity: number
  status: Status
  unit_price: number
  currency: string
  user_id: string | null
  channel: Channel | null
  tender: string | null
  order_id: string | null
  sold_by: string | null
  created_at: string
  expires_at: string | null
  completed_at: string | null
  remaining_seconds: number
}

export interface Cart {
  id: string
  event_id: string
  status: Status
  expires_at: string | null
  remaining_seconds: number
  order_id: string | null
  amount: number
  currency: string
  lines: Reservation[]
}

export interface AuditEntry {
  id: string
  event_id: string
  ticket_type_id: string
  seq: number
  action: Action
  quantity: number
  previous_total: number
  new_total: number
  previous_sold: number
  new_sold: number
  previous_reserved: number
  new_reserved: number
  reason: string | null
  user_id: string | null
  actor: Actor
  reservation_id: string | null
  order_id: string | null
  disposition: 'return' | 'void' | null
  channel: Channel | null
  tender: string | null
  effective_at: string | null
  created_at: string
  chain_hash: string
}

export interface SalesFigures {
  tickets_sold: number
  tickets_refunded: number
  tickets_net: number
  gross: number
  refunds: number
  net: number
}

export interface SalesRow extends SalesFigures {
  from?: string
  to?: string
  ticket_type_id?: string
  ticket_type_name?: string
  channel?: Channel
  tender?: string | null
  operator?: Actor
  operator_name?: string | null
}

export interface SalesReport {
  from: string
  to: string
  time_zone: string
  currency: string
  rows: SalesRow[]
  totals: SalesFigures
}

export interface ProblemBody {
  status: number
  code: string
  title: string
  detail: string
  request_id: string
  errors?: { pointer: string; code: string; detail: string }[]
  [fact: string]: unknown
}
