// The objects of the contract as tests read them; that replies have this form is checked against the contract.
export interface Event {
    id: string;
    name: string;
    description: string | null;
    venue_id: string | null;
    start_date: string;
    end_date: string | null;
    created_at: string;
    updated_at: string;
    published: boolean;
    featured: boolean;
    image_url: string | null;
    currency: string;
    time_zone: string;
    archived_at: string | null;
    version: number;
}

export interface Venue {
    id: string;
    name: string;
    address: string | null;
    time_zone: string | null;
    archived_at: string | null;
    version: number;
}

export interface Counts {
    initial: number;
    total: number;
    sold: number;
    reserved: number;
    available: number;
}

export interface TicketType {
    id: string;
    event_id: string;
    name: string;
    description: string | null;
    price: number;
    currency: string;
    sales_start: string | null;
    sales_end: string | null;
    max_per_order: number | null;
    max_per_customer: number | null;
    counts: Counts;
    archived_at: string | null;
    settings_version: number;
}

export type Status = "active" | "completed" | "released" | "expired";

export interface Reservation {
    id: string;
    event_id: string;
    ticket_type_id: string;
    cart_id: string | null;
    quantity: number;
    refunded_quantity: number;
    status: Status;
    unit_price: number;
    currency: string;
    user_id: string | null;
    channel: string | null;
    tender: string | null;
    order_id: string | null;
    sold_by: string | null;
    shift_id: string | null;
    created_at: string;
    expires_at: string | null;
    completed_at: string | null;
    remaining_seconds: number;
}

export interface Cart {
    id: string;
    event_id: string;
    status: Status;
    expires_at: string | null;
    remaining_seconds: number;
    order_id: string | null;
    amount: number;
    currency: string;
    lines: Reservation[];
}

export interface Refund {
    id: string;
    seq: number;
    reservation_id: string;
    ticket_type_id: string;
    quantity: number;
    amount: number;
    disposition: string;
    tender: string | null;
    reason: string;
}

export interface Refunded {
    refunds: Refund[];
    amount: number;
    currency: string;
    reservation: Reservation;
    cart: Cart;
}

export interface AuditEntry {
    id: string;
    event_id: string;
    ticket_type_id: string;
    seq: number;
    action: string;
    quantity: number;
    previous_total: number;
    new_total: number;
    previous_sold: number;
    new_sold: number;
    previous_reserved: number;
    new_reserved: number;
    reason: string | null;
    user_id: string | null;
    actor: { kind: string; id: string | null; name: string | null };
    reservation_id: string | null;
    order_id: string | null;
    disposition: string | null;
    channel: string | null;
    tender: string | null;
    shift_id: string | null;
    effective_at: string | null;
    created_at: string;
    chain_hash: string;
}

export interface Explanation {
    ticket_type_id: string;
    at: string;
    counts: Counts;
    last_seq: number;
    expired_unwritten: number;
    entries: AuditEntry[];
    next_cursor: string | null;
}

export interface ApiKey {
    id: string;
    name: string;
    role: string;
    event_ids: string[] | null;
    expires_at: string | null;
    last_used_at: string | null;
    revoked_at: string | null;
    key: string; // in the reply that made it, only
}

export interface Staff {
    id: string;
    email: string;
    name: string;
    role: string;
    event_ids: string[] | null;
    created_at: string;
    updated_at: string;
    disabled_at: string | null;
    last_seen_at: string | null;
    version: number;
    password: string; // in the reply that made it, only
}

export interface Me {
    actor: { kind: string; id: string | null };
    name: string;
    email: string | null;
    role: string;
    event_ids: string[] | null;
    rights: string[];
    session_expires_at: string | null;
}

export interface Page<T> {
    data: T[];
    next_cursor: string | null;
}

export interface Problem {
    type: string;
    title: string;
    status: number;
    detail: string;
    instance: string;
    code: string;
    request_id: string;
    errors: { pointer: string; code: string; detail: string }[];
    ticket_type_id: string;
    event_id: string;
    reservation_id: string;
    cart_id: string;
    order_id: string;
    requested: number;
    available: number;
    total: number;
    expected_total: number;
    sold: number;
    reserved: number;
    shortfall: number;
    sold_remaining: number;
    next_expiry_at: string | null;
    expires_at: string;
    latest_expires_at: string;
    sales_start: string | null;
    sales_end: string | null;
    max_per_order: number;
    max_per_customer: number;
    held: number;
    current: unknown;
}

export interface Money {
    tickets_sold: number;
    tickets_refunded: number;
    tickets_net: number;
    gross: number;
    refunds: number;
    net: number;
}

export interface SalesRow extends Money {
    from?: string;
    to?: string;
    ticket_type_id?: string;
    ticket_type_name?: string;
    channel?: string | null;
    tender?: string | null;
    operator?: { kind: string; id: string | null };
    operator_name?: string | null;
}

export interface SalesReport {
    from: string;
    to: string;
    time_zone: string;
    currency: string;
    rows: SalesRow[];
    totals: Money;
}

export interface ShiftFigures {
    tickets_sold: number;
    tickets_refunded: number;
    gross: number;
    refunds: number;
    net: number;
}

export interface Shift {
    id: string;
    operator: { kind: string; id: string };
    operator_name: string | null;
    terminal: string;
    currency: string;
    opening_cash: number;
    expected_cash: number;
    counted_cash: number | null;
    difference: number | null;
    note: string | null;
    opened_at: string;
    closed_at: string | null;
    totals: ShiftFigures & {
        sales: number;
        by_tender: (ShiftFigures & { tender: string | null })[];
    };
}

export interface BoxOfficeReport extends SalesReport {
    drawers: {
        operator: { kind: string; id: string | null };
        operator_name: string | null;
        shifts: number;
        shifts_closed: number;
        opening_cash: number;
        expected_cash: number;
        counted_cash: number | null;
        difference: number | null;
    }[];
}

export interface InventoryRow {
    at: string;
    ticket_type_id: string;
    ticket_type_name: string;
    total: number;
    sold: number;
    reserved: number;
    available: number;
    increased: number;
    decreased: number;
}

export interface InventoryReport {
    from: string;
    to: string;
    time_zone: string;
    rows: InventoryRow[];
    truncated: boolean;
}
