// For every operation of the contract a request that an administrator is granted, on fresh objects of one event.
import { randomUUID } from "node:crypto";
import { granted } from "./client.ts";
import type { ApiKey, Event, Page, Shift, TicketType, Venue } from "./objects.ts";
import { inDays, PASSWORD, World } from "./world.ts";

export interface Prepared {
    path: string;
    body?: object;
    headers?: Record<string, string | undefined>;
}

// What the requests are about: an event with a ticket type that has plenty of tickets.
export class Stage {
    private constructor(
        readonly world: World,
        readonly event: Event,
        readonly type: TicketType,
    ) {}

    static async set(world: World): Promise<Stage> {
        const event = await world.event();
        return new Stage(world, event, await world.type({ initial_inventory: 100_000 }, event));
    }

    async venue(): Promise<Venue> {
        return granted(await this.world.admin.post<Venue>("/v1/venues", { name: "Hall" }), 201);
    }

    item(): { ticket_type_id: string; quantity: number } {
        return { ticket_type_id: this.type.id, quantity: 2 };
    }

    async reservation(verb = ""): Promise<string> {
        return `/v1/reservations/${(await this.world.reservation(this.type)).id}${verb}`;
    }

    async sale(verb = ""): Promise<string> {
        return `/v1/reservations/${(await this.world.sale(this.type)).id}${verb}`;
    }

    async cart(verb = ""): Promise<string> {
        return `/v1/carts/${(await this.world.cart([[this.type, 2]])).id}${verb}`;
    }

    async soldCart(verb = ""): Promise<string> {
        return `/v1/carts/${(await this.world.soldCart([[this.type, 2]])).id}${verb}`;
    }

    async key(): Promise<string> {
        return granted(
            await this.world.admin.post<ApiKey>("/v1/api-keys", { name: "X", role: "viewer" }),
            201,
        ).id;
    }

    // The administrator, who makes the requests, has one open shift at a time.
    async withoutShift(): Promise<void> {
        const query = { status: "open" };
        const open = granted(await this.world.admin.get<Page<Shift>>("/v1/shifts", { query }));
        for (const { id } of open.data)
            granted(await this.world.admin.post(`/v1/shifts/${id}/close`, { counted_cash: 0 }));
    }

    async shift(): Promise<string> {
        await this.withoutShift();
        const body = { terminal: "Door 1", currency: "EUR", opening_cash: 5_000 };
        return granted(await this.world.admin.post<Shift>("/v1/shifts", body), 201).id;
    }

    async staff(verb = ""): Promise<string> {
        return `/v1/staff/${(await this.world.staff("viewer")).id}${verb}`;
    }

    // The ETag as it is now, for a PATCH.
    async ifMatch(path: string): Promise<Record<string, string>> {
        return { "If-Match": (await this.world.admin.get(path)).headers["etag"]! };
    }
}

const venuePatch = async (stage: Stage): Promise<Prepared> => {
    const { id } = await stage.venue();
    return {
        path: `/v1/venues/${id}`,
        body: { name: "Other hall" },
        headers: { "If-Match": '"1"' },
    };
};

const patch = async (stage: Stage, path: string, body: object): Promise<Prepared> => ({
    path,
    body,
    headers: await stage.ifMatch(path),
});

const get = (path: string) => (): Prepared => ({ path });
const order = () => ({ order_id: `order-${randomUUID()}` });

type Prepare = (stage: Stage) => Prepared | Promise<Prepared>;

export const requests: Record<string, Prepare> = {
    event_list: get("/v1/events"),
    event_create: () => ({ path: "/v1/events", body: { name: "New", start_date: inDays(5) } }),
    event_get: ({ event }) => ({ path: `/v1/events/${event.id}` }),
    event_update: (stage) => patch(stage, `/v1/events/${stage.event.id}`, { featured: true }),
    event_archive: async ({ event }) => ({ path: `/v1/events/${event.id}/archive` }),
    event_unarchive: ({ event }) => ({ path: `/v1/events/${event.id}/unarchive` }),
    event_inventory: ({ event }) => ({ path: `/v1/events/${event.id}/inventory` }),
    venue_list: get("/v1/venues"),
    venue_create: () => ({ path: "/v1/venues", body: { name: "Hall" } }),
    venue_get: async (stage) => ({ path: `/v1/venues/${(await stage.venue()).id}` }),
    venue_update: venuePatch,
    venue_archive: async (stage) => ({ path: `/v1/venues/${(await stage.venue()).id}/archive` }),
    venue_unarchive: async (stage) => ({
        path: `/v1/venues/${(await stage.venue()).id}/unarchive`,
    }),
    ticket_type_list: ({ event }) => ({ path: `/v1/events/${event.id}/ticket-types` }),
    ticket_type_create: ({ event }) => ({
        path: `/v1/events/${event.id}/ticket-types`,
        body: { name: "Balcony", price: 100, initial_inventory: 5 },
    }),
    ticket_type_get: ({ type }) => ({ path: `/v1/ticket-types/${type.id}` }),
    ticket_type_update: (stage) => patch(stage, `/v1/ticket-types/${stage.type.id}`, { price: 77 }),
    ticket_type_availability: ({ type }) => ({ path: `/v1/ticket-types/${type.id}/availability` }),
    ticket_type_increase: ({ type }) => ({
        path: `/v1/ticket-types/${type.id}/increase`,
        body: { quantity: 1, reason: "more room" },
    }),
    ticket_type_decrease: ({ type }) => ({
        path: `/v1/ticket-types/${type.id}/decrease`,
        body: { quantity: 1, reason: "less room" },
    }),
    ticket_type_archive: ({ type }) => ({ path: `/v1/ticket-types/${type.id}/archive` }),
    ticket_type_unarchive: ({ type }) => ({ path: `/v1/ticket-types/${type.id}/unarchive` }),
    ticket_type_explain: ({ type }) => ({ path: `/v1/ticket-types/${type.id}/explain` }),
    reservation_list: get("/v1/reservations"),
    reservation_create: (stage) => ({ path: "/v1/reservations", body: stage.item() }),
    reservation_release_expired: get("/v1/reservations/release-expired"),
    reservation_get: async (stage) => ({ path: await stage.reservation() }),
    reservation_complete: async (stage) => ({
        path: await stage.reservation("/complete"),
        body: order(),
    }),
    reservation_release: async (stage) => ({ path: await stage.reservation("/release") }),
    reservation_extend: async (stage) => ({
        path: await stage.reservation("/extend"),
        body: { expires_in_seconds: 1000 },
    }),
    reservation_refund: async (stage) => ({
        path: await stage.sale("/refunds"),
        body: { reason: "the buyer is ill" },
    }),
    cart_create: (stage) => ({ path: "/v1/carts", body: { items: [stage.item()] } }),
    cart_get: async (stage) => ({ path: await stage.cart() }),
    cart_replace: async (stage) => ({
        path: await stage.cart(),
        body: { items: [{ ...stage.item(), quantity: 3 }] },
    }),
    cart_complete: async (stage) => ({ path: await stage.cart("/complete"), body: order() }),
    cart_release: async (stage) => ({ path: await stage.cart("/release") }),
    cart_extend: async (stage) => ({
        path: await stage.cart("/extend"),
        body: { expires_in_seconds: 1000 },
    }),
    cart_refund: async (stage) => ({
        path: await stage.soldCart("/refunds"),
        body: { reason: "the buyer is ill" },
    }),
    sale_list: get("/v1/sales"),
    sale_create: (stage) => ({
        path: "/v1/sales",
        body: { items: [stage.item()], channel: "box_office" },
    }),
    shift_list: get("/v1/shifts"),
    shift_open: async (stage) => {
        await stage.withoutShift();
        const body = { terminal: "Door 1", currency: "EUR", opening_cash: 5_000 };
        return { path: "/v1/shifts", body };
    },
    shift_get: async (stage) => ({ path: `/v1/shifts/${await stage.shift()}` }),
    shift_close: async (stage) => ({
        path: `/v1/shifts/${await stage.shift()}/close`,
        body: { counted_cash: 5_000 },
    }),
    audit_log_list: get("/v1/audit-log"),
    stream_open: (stage) => ({ path: `/v1/stream?event_id=${stage.event.id}` }),
    box_office_report: ({ event }) => ({ path: `/v1/reports/box-office?event_id=${event.id}` }),
    inventory_report: ({ type }) => ({
        path: `/v1/reports/inventory?ticket_type_id=${type.id}`,
    }),
    sales_report: ({ event }) => ({ path: `/v1/reports/sales?event_id=${event.id}` }),
    api_key_list: get("/v1/api-keys"),
    api_key_create: () => ({ path: "/v1/api-keys", body: { name: "X", role: "viewer" } }),
    api_key_revoke: async (stage) => ({ path: `/v1/api-keys/${await stage.key()}/revoke` }),
    session_create: async ({ world }) => {
        const { email, password } = await world.staff("viewer");
        return { path: "/v1/session", body: { email, password } };
    },
    session_delete: get("/v1/session"),
    me_get: get("/v1/me"),
    me_password: async ({ world }) => ({
        path: "/v1/me/password",
        body: { current_password: PASSWORD, new_password: PASSWORD },
        headers: { ...(await world.signedIn("viewer")).browser, Authorization: undefined },
    }),
    staff_list: get("/v1/staff"),
    staff_create: () => ({
        path: "/v1/staff",
        body: { email: `${randomUUID()}@example.com`, name: "Ann", role: "viewer" },
    }),
    staff_get: async (stage) => ({ path: await stage.staff() }),
    staff_update: async (stage) => ({
        path: await stage.staff(),
        body: { name: "Anna" },
        headers: { "If-Match": '"1"' },
    }),
    staff_disable: async (stage) => ({ path: await stage.staff("/disable") }),
    staff_enable: async (stage) => ({ path: await stage.staff("/enable") }),
    staff_password: async (stage) => ({ path: await stage.staff("/password"), body: {} }),
    health_live: get("/healthz"),
    health_ready: get("/readyz"),
    metrics_get: get("/metrics"),
    openapi_get: get("/openapi.json"),
    settings_get: get("/v1/settings"),
    problem_get: get("/problems/not_found"),
};

// Archiving ends a stage; whoever prepares the next request wants it back.
export async function restore(stage: Stage): Promise<void> {
    granted(await stage.world.admin.post(`/v1/events/${stage.event.id}/unarchive`));
    granted(await stage.world.admin.post(`/v1/ticket-types/${stage.type.id}/unarchive`));
}
