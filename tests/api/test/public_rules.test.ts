// What binds the public and not staff (R15): published, the event's end, sale windows, limits.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { type Client, granted, invalid, refused, type Reply } from "../support/client.ts";
import type { Cart, Problem, Reservation, TicketType } from "../support/objects.ts";
import { inDays, World } from "../support/world.ts";

let world: World;
let shop: Client;

before(async () => {
    world = await World.open();
    shop = await world.key("checkout");
});
after(() => world.close());

const reserve = (type: TicketType, quantity = 1, more: object = {}, client = shop) =>
    client.post<Reservation>("/v1/reservations", { ticket_type_id: type.id, quantity, ...more });

// Every way in which the public newly takes tickets is refused, and the same is granted to staff.
async function bindsThePublic(
    type: TicketType,
    code: Problem["code"],
    facts: Partial<Problem> = {},
): Promise<void> {
    const items = [{ ticket_type_id: type.id, quantity: 1 }];
    refused(await reserve(type), code, facts);
    refused(await shop.post("/v1/carts", { items }), code, facts);
    for (const role of ["box_office", "event_manager", "admin"] as const) {
        const staff = await world.key(role);
        granted(await reserve(type, 1, {}, staff), 201);
        granted(await staff.post("/v1/carts", { items }), 201);
    }
}

describe("an event", () => {
    it("that is not published is closed to the public", async () => {
        await bindsThePublic(
            await world.type({}, await world.event({ published: false })),
            "not_published",
        );
    });

    it("that is over is closed to the public", async () => {
        const over = await world.event({ start_date: inDays(-2), end_date: inDays(-1) });
        await bindsThePublic(await world.type({}, over), "sales_closed");
        await bindsThePublic(
            await world.type({}, await world.event({ start_date: inDays(-1) })),
            "sales_closed",
        );
    });

    it("that has started but not ended is open", async () => {
        const running = await world.event({ start_date: inDays(-1), end_date: inDays(1) });
        granted(await reserve(await world.type({}, running)), 201);
    });
});

describe("a sale window", () => {
    it("is closed before it starts and when it has ended", async () => {
        const [sales_start, sales_end] = [inDays(1), inDays(2)];
        await bindsThePublic(await world.type({ sales_start, sales_end }), "sales_closed", {
            sales_start,
        });
        const past = { sales_start: inDays(-2), sales_end: inDays(-1) };
        await bindsThePublic(await world.type(past), "sales_closed", { sales_end: past.sales_end });
    });

    it("is open in between", async () => {
        granted(
            await reserve(await world.type({ sales_start: inDays(-1), sales_end: inDays(1) })),
            201,
        );
    });
});

describe("completion, extension and refund", () => {
    it("check none of it", async () => {
        const event = await world.event();
        const type = await world.type({ max_per_order: 2, max_per_customer: 2 }, event);
        const made = granted(await reserve(type, 2, { user_id: randomUUID() }), 201);
        const patch = { published: false, start_date: inDays(-3), end_date: inDays(-2) };
        const headers = { "If-Match": '"1"' };
        granted(await world.admin.patch(`/v1/events/${event.id}`, patch, { headers }));
        const limits = { max_per_order: 1, max_per_customer: 1, sales_end: inDays(-1) };
        granted(await world.admin.patch(`/v1/ticket-types/${type.id}`, limits, { headers }));
        granted(
            await shop.post(`/v1/reservations/${made.id}/extend`, { expires_in_seconds: 1000 }),
        );
        granted(await shop.post(`/v1/reservations/${made.id}/complete`, { order_id: "o-1" }));
        granted(
            await shop.post(`/v1/reservations/${made.id}/refunds`, { reason: "cancelled" }),
            201,
        );
    });
});

describe("a maximum per order", () => {
    it("binds each reservation and cart of the public", async () => {
        const type = await world.type({ max_per_order: 3 });
        granted(await reserve(type, 3), 201);
        refused(await reserve(type, 4), "limit_per_order", {
            ticket_type_id: type.id,
            requested: 4,
            max_per_order: 3,
        });
        const two = { ticket_type_id: type.id, quantity: 2 };
        refused(await shop.post("/v1/carts", { items: [two, two] }), "limit_per_order", {
            requested: 4,
        });
        const cart = granted(await shop.post<Cart>("/v1/carts", { items: [two] }), 201);
        const items = [{ ...two, quantity: 4 }];
        refused(await shop.put(`/v1/carts/${cart.id}`, { items }), "limit_per_order");
        granted(await reserve(type, 4, {}, world.admin), 201);
    });

    it("is of one type, not of the whole cart", async () => {
        const event = await world.event();
        const types = [
            await world.type({ max_per_order: 2 }, event),
            await world.type({ max_per_order: 2 }, event),
        ];
        const items = types.map((type) => ({ ticket_type_id: type.id, quantity: 2 }));
        granted(await shop.post("/v1/carts", { items }), 201);
    });
});

describe("a maximum per customer", () => {
    it("counts live reservations and sales less refunds of one person", async () => {
        const type = await world.type({ max_per_customer: 4 });
        const ann = { user_id: randomUUID() };
        const first = granted(await reserve(type, 3, ann), 201);
        const facts = { ticket_type_id: type.id, requested: 2, max_per_customer: 4, held: 3 };
        refused(await reserve(type, 2, ann), "limit_per_customer", facts);
        granted(await reserve(type, 2, { user_id: randomUUID() }), 201);
        granted(await shop.post(`/v1/reservations/${first.id}/complete`, { order_id: "o-2" }));
        refused(await reserve(type, 2, ann), "limit_per_customer", { held: 3 });
        granted(
            await shop.post(`/v1/reservations/${first.id}/refunds`, { quantity: 1, reason: "ill" }),
            201,
        );
        const second = granted(await reserve(type, 2, ann), 201);
        refused(await reserve(type, 1, ann), "limit_per_customer", { held: 4 });
        granted(await shop.post(`/v1/reservations/${second.id}/release`));
        granted(await reserve(type, 2, ann), 201);
    });

    it("does not count what has expired", async () => {
        const type = await world.type({ max_per_customer: 1 });
        const ann = { user_id: randomUUID() };
        const short = granted(await reserve(type, 1, { ...ann, expires_in_seconds: 1 }), 201);
        refused(await reserve(type, 1, ann), "limit_per_customer", { held: 1 });
        await world.expiry(`/v1/reservations/${short.id}`);
        granted(await reserve(type, 1, ann), 201);
    });

    it("needs to know the person, from the body or the header", async () => {
        const type = await world.type({ max_per_customer: 1 });
        invalid(await reserve(type), "/user_id");
        const body = { ticket_type_id: type.id, quantity: 1 };
        const headers = { "Acting-User": randomUUID() };
        granted(await shop.post("/v1/reservations", body, { headers }), 201);
        refused(await shop.post("/v1/reservations", body, { headers }), "limit_per_customer");
        granted(await reserve(type, 1, {}, world.admin), 201);
    });

    it("holds against many at once", async () => {
        const type = await world.type({ max_per_customer: 5 });
        const ann = { user_id: randomUUID() };
        const replies: Reply<unknown>[] = await Promise.all(
            Array.from({ length: 20 }, () => reserve(type, 1, ann)),
        );
        assert.equal(replies.filter((reply) => reply.status === 201).length, 5);
    });

    it("of a cart that is changed counts the change only", async () => {
        const type = await world.type({ max_per_customer: 4 });
        const user_id = randomUUID();
        const line = (quantity: number) => [{ ticket_type_id: type.id, quantity }];
        const cart = granted(await shop.post<Cart>("/v1/carts", { items: line(3), user_id }), 201);
        granted(await shop.put(`/v1/carts/${cart.id}`, { items: line(4) }));
        refused(await shop.put(`/v1/carts/${cart.id}`, { items: line(5) }), "limit_per_customer");
        granted(await shop.put(`/v1/carts/${cart.id}`, { items: line(2) }));
    });
});
