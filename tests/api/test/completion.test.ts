// Completing reservations (R4, R5, R16).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Client, granted, invalid, refused } from "../support/client.ts";
import type { Reservation, TicketType } from "../support/objects.ts";
import { PRICE, World } from "../support/world.ts";

let world: World;

before(async () => {
    world = await World.open();
});
after(() => world.close());

const complete = (reservation: Reservation, body: object, client: Client = world.admin) =>
    client.post<Reservation>(`/v1/reservations/${reservation.id}/complete`, body);

async function expired(type: TicketType, quantity: number): Promise<Reservation> {
    const made = await world.reservation(type, quantity, { expires_in_seconds: 1 });
    await world.expiry(`/v1/reservations/${made.id}`);
    return made;
}

describe("completing", () => {
    it("moves the tickets from reserved to sold under the order id", async () => {
        const type = await world.type();
        const made = await world.reservation(type, 2);
        const sold = granted(await complete(made, { order_id: "A-1", tender: "card" }));
        assert.deepEqual(
            [sold.status, sold.order_id, sold.channel, sold.tender, sold.remaining_seconds],
            ["completed", "A-1", "online", "card", 0],
        );
        assert.notEqual(sold.completed_at, null);
        assert.match(sold.sold_by!, /^[0-9a-f-]{36}$/);
        const { sold: count, reserved } = await world.counts(type);
        assert.deepEqual([count, reserved], [2, 0]);
        const entry = (await world.log(type)).at(-1)!;
        assert.deepEqual(
            [
                entry.action,
                entry.quantity,
                entry.order_id,
                entry.channel,
                entry.tender,
                entry.reservation_id,
            ],
            ["sale", 2, "A-1", "online", "card", made.id],
        );
        assert.deepEqual(
            [entry.previous_sold, entry.new_sold, entry.previous_reserved, entry.new_reserved],
            [0, 2, 2, 0],
        );
    });

    it("again with the same order id answers the sale as it now stands", async () => {
        const type = await world.type();
        const made = await world.reservation(type, 3);
        const sold = granted(await complete(made, { order_id: "A-2" }));
        assert.deepEqual(granted(await complete(made, { order_id: "A-2" })), sold);
        granted(
            await world.admin.post(`/v1/reservations/${made.id}/refunds`, {
                quantity: 1,
                reason: "ill",
            }),
            201,
        );
        assert.equal(granted(await complete(made, { order_id: "A-2" })).refunded_quantity, 1);
        assert.equal((await world.log(type)).filter((entry) => entry.action === "sale").length, 1);
    });

    it("again with another order id is refused", async () => {
        const made = await world.reservation(await world.type());
        granted(await complete(made, { order_id: "A-3" }));
        refused(await complete(made, { order_id: "a-3" }), "order_mismatch", { order_id: "A-3" });
    });

    it("of two at once under different orders lets one through", async () => {
        const made = await world.reservation(await world.type());
        const replies = await Promise.all(
            ["B-1", "B-2"].map((order_id) => complete(made, { order_id })),
        );
        assert.deepEqual(replies.map((reply) => reply.status).sort(), [200, 409]);
    });

    it("is refused for a released one", async () => {
        const made = await world.reservation(await world.type());
        granted(await world.admin.post(`/v1/reservations/${made.id}/release`));
        refused(await complete(made, { order_id: "A-4" }), "reservation_released");
    });

    it("needs an order id of 1 to 200 characters", async () => {
        const made = await world.reservation(await world.type());
        for (const order_id of ["", "x".repeat(201), 7, null])
            invalid(await complete(made, { order_id }), "/order_id");
        invalid(await complete(made, {}), "/order_id");
        granted(await complete(made, { order_id: "ä".repeat(200) }));
    });

    it("refuses a channel, a tender or an if_expired that there is not", async () => {
        const made = await world.reservation(await world.type());
        invalid(await complete(made, { order_id: "A", channel: "web" }), "/channel");
        invalid(await complete(made, { order_id: "A", if_expired: "ignore" }), "/if_expired");
        for (const tender of ["", "Cash", "by card", "7", "x".repeat(41)])
            invalid(await complete(made, { order_id: "A", tender }), "/tender");
        granted(
            await complete(made, {
                order_id: "A",
                tender: `x${"_".repeat(39)}`,
                channel: "partner",
            }),
        );
    });
});

describe("completing an expired reservation", () => {
    it("takes the tickets again if there are enough", async () => {
        const type = await world.type({ initial_inventory: 3 });
        const late = await expired(type, 2);
        const sold = granted(await complete(late, { order_id: "L-1" }));
        assert.equal(sold.status, "completed");
        assert.deepEqual(await world.counts(type), {
            initial: 3,
            total: 3,
            sold: 2,
            reserved: 0,
            available: 1,
        });
        const actions = (await world.log(type)).map((entry) => [
            entry.action,
            entry.new_sold,
            entry.new_reserved,
        ]);
        assert.deepEqual(actions, [
            ["increase", 0, 0],
            ["reserve", 0, 2],
            ["release", 0, 0],
            ["sale", 2, 0],
        ]);
    });

    it("is refused when they are gone", async () => {
        const type = await world.type({ initial_inventory: 3 });
        const late = await expired(type, 2);
        await world.reservation(type, 2);
        const facts = { requested: 2, available: 1, expires_at: late.expires_at! };
        refused(await complete(late, { order_id: "L-2" }), "reservation_expired", facts);
        const read = granted(await world.admin.get<Reservation>(`/v1/reservations/${late.id}`));
        assert.equal(read.status, "expired");
    });

    it("is refused when the caller wants that", async () => {
        const type = await world.type();
        const late = await expired(type, 1);
        refused(
            await complete(late, { order_id: "L-3", if_expired: "refuse" }),
            "reservation_expired",
        );
        granted(await complete(late, { order_id: "L-3", if_expired: "retake" }));
    });

    it("is refused when its ticket type is archived", async () => {
        const type = await world.type();
        const late = await expired(type, 1);
        granted(await world.admin.post(`/v1/ticket-types/${type.id}/archive`));
        refused(await complete(late, { order_id: "L-4" }), "archived");
    });

    it("keeps the price at which it was reserved", async () => {
        const type = await world.type();
        const late = await expired(type, 1);
        const headers = { "If-Match": '"1"' };
        granted(await world.admin.patch(`/v1/ticket-types/${type.id}`, { price: 1 }, { headers }));
        assert.equal(granted(await complete(late, { order_id: "L-5" })).unit_price, PRICE);
    });
});

describe("the channels box_office and comp", () => {
    it("are for staff only", async () => {
        const type = await world.type();
        const checkout = await world.key("checkout");
        const body = { order_id: "C-1", reason: "guest of the band" };
        for (const channel of ["box_office", "comp"]) {
            const made = await world.reservation(type);
            refused(await complete(made, { ...body, channel }, checkout), "role_required");
            for (const role of ["box_office", "event_manager", "admin"] as const) {
                const other = await world.reservation(type);
                granted(await complete(other, { ...body, channel }, await world.key(role)));
            }
        }
    });

    it("comp makes it free and needs a reason", async () => {
        const type = await world.type();
        const made = await world.reservation(type);
        invalid(await complete(made, { order_id: "C-2", channel: "comp" }), "/reason");
        const given = granted(
            await complete(made, { order_id: "C-2", channel: "comp", reason: "press seat" }),
        );
        assert.deepEqual([given.unit_price, given.channel], [0, "comp"]);
        assert.equal((await world.log(type)).at(-1)!.reason, "press seat");
    });
});
