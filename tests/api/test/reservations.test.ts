// Making, releasing and extending reservations (R2, R3, R6, R13).
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { granted, invalid, refused } from "../support/client.ts";
import type { Reservation, TicketType } from "../support/objects.ts";
import { PRICE, World } from "../support/world.ts";

let world: World;

before(async () => {
    world = await World.open();
});
after(() => world.close());

const reserve = (type: TicketType, quantity: number, more: object = {}) =>
    world.admin.post<Reservation>("/v1/reservations", {
        ticket_type_id: type.id,
        quantity,
        ...more,
    });

const act = (reservation: Reservation, verb: string, body?: object) =>
    world.admin.post<Reservation>(`/v1/reservations/${reservation.id}/${verb}`, body);

function lifetime(reservation: Reservation): number {
    return (Date.parse(reservation.expires_at!) - Date.parse(reservation.created_at)) / 1000;
}

describe("a reservation", () => {
    it("holds its tickets for 15 minutes at the price of now", async () => {
        const type = await world.type();
        const made = granted(await reserve(type, 2), 201);
        assert.deepEqual(
            [
                made.status,
                made.quantity,
                made.refunded_quantity,
                made.unit_price,
                made.remaining_seconds,
            ],
            ["active", 2, 0, PRICE, 900],
        );
        assert.equal(lifetime(made), 900);
        assert.deepEqual([made.event_id, made.ticket_type_id], [type.event_id, type.id]);
        for (const name of [
            "cart_id",
            "user_id",
            "channel",
            "tender",
            "order_id",
            "sold_by",
            "shift_id",
            "completed_at",
        ] as const)
            assert.equal(made[name], null, name);
        const read = granted(await world.admin.get<Reservation>(`/v1/reservations/${made.id}`));
        assert.deepEqual({ ...read, remaining_seconds: 900 }, made);
        assert.equal((await world.counts(type)).reserved, 2);
    });

    it("lives from 1 second to 2 hours on request", async () => {
        const type = await world.type();
        for (const expires_in_seconds of [1, 60, 7200])
            assert.equal(
                lifetime(granted(await reserve(type, 1, { expires_in_seconds }), 201)),
                expires_in_seconds,
            );
        for (const expires_in_seconds of [0, -1, 7201, 1.5, "60"])
            invalid(await reserve(type, 1, { expires_in_seconds }), "/expires_in_seconds");
    });

    it("is granted whole or refused whole, with what there is", async () => {
        const type = await world.type({ initial_inventory: 3 });
        const held = granted(await reserve(type, 2), 201);
        refused(await reserve(type, 2), "insufficient_inventory", {
            ticket_type_id: type.id,
            requested: 2,
            available: 1,
            reserved: 2,
            next_expiry_at: held.expires_at,
        });
        granted(await reserve(type, 1), 201);
        refused(await reserve(type, 1), "insufficient_inventory", { available: 0, reserved: 3 });
        assert.equal((await world.log(type)).length, 3);
    });

    it("says that nothing will come back when nothing is reserved", async () => {
        const type = await world.type({ initial_inventory: 1 });
        await world.sale(type, 1);
        const problem = refused(await reserve(type, 1), "insufficient_inventory", {
            available: 0,
            reserved: 0,
        });
        assert.equal(problem.next_expiry_at ?? null, null);
    });

    it("is for the person in the body, else for the one who is acted for", async () => {
        const type = await world.type();
        const [ann, bob] = [randomUUID(), randomUUID()];
        const headers = { "Acting-User": bob };
        const body = { ticket_type_id: type.id, quantity: 1 };
        const both = await world.admin.post<Reservation>(
            "/v1/reservations",
            { ...body, user_id: ann },
            { headers },
        );
        assert.equal(granted(both, 201).user_id, ann);
        const acted = await world.admin.post<Reservation>("/v1/reservations", body, { headers });
        assert.equal(granted(acted, 201).user_id, bob);
        const log = await world.log(type);
        assert.deepEqual(
            log.slice(1).map((entry) => entry.user_id),
            [bob, bob],
        );
    });

    it("refuses an Acting-User that is not a UUID", async () => {
        const body = { ticket_type_id: (await world.type()).id, quantity: 1 };
        const headers = { "Acting-User": "ann" };
        refused(await world.admin.post("/v1/reservations", body, { headers }), "bad_header");
    });

    it("refuses a quantity below 1 and a ticket type that does not exist", async () => {
        const type = await world.type();
        for (const quantity of [0, -1, 0.5, 2_147_483_648, "2", null, [1]])
            invalid(await reserve(type, quantity as number), "/quantity");
        refused(
            await world.admin.post("/v1/reservations", {
                ticket_type_id: randomUUID(),
                quantity: 1,
            }),
            "not_found",
        );
    });

    it("never oversells: of 60 buyers for 20 tickets 20 get one", async () => {
        const type = await world.type({ initial_inventory: 20 });
        const replies = await Promise.all(Array.from({ length: 60 }, () => reserve(type, 1)));
        assert.equal(replies.filter((reply) => reply.status === 201).length, 20);
        for (const reply of replies)
            if (reply.status !== 201) refused(reply, "insufficient_inventory");
        assert.deepEqual(await world.counts(type), {
            initial: 20,
            total: 20,
            sold: 0,
            reserved: 20,
            available: 0,
        });
    });

    it("that does not exist is 404", async () => {
        const path = `/v1/reservations/${randomUUID()}`;
        refused(await world.admin.get(path), "not_found");
        refused(await world.admin.post(`${path}/complete`, { order_id: "o" }), "not_found");
        refused(await world.admin.post(`${path}/release`), "not_found");
        refused(await world.admin.post(`${path}/extend`, { expires_in_seconds: 60 }), "not_found");
        refused(await world.admin.post(`${path}/refunds`, { reason: "none" }), "not_found");
    });
});

describe("an expired reservation", () => {
    it("reads expired, holds nothing, and its tickets go to the next (R3)", async () => {
        const type = await world.type({ initial_inventory: 1 });
        const first = granted(await reserve(type, 1, { expires_in_seconds: 1 }), 201);
        await world.expiry(`/v1/reservations/${first.id}`);
        const read = granted(await world.admin.get<Reservation>(`/v1/reservations/${first.id}`));
        assert.deepEqual([read.status, read.remaining_seconds], ["expired", 0]);
        granted(await reserve(type, 1), 201);
        const [, , release, second] = await world.log(type);
        assert.deepEqual([release!.action, release!.reason], ["release", "Reservation expired"]);
        assert.equal(release!.effective_at, first.expires_at);
        assert.deepEqual(
            [release!.reservation_id, release!.actor],
            [first.id, { kind: "system", id: null, name: null }],
        );
        assert.deepEqual([second!.action, second!.effective_at], ["reserve", null]);
    });

    it("is swept by itself within seconds, with an entry of its own", async () => {
        const type = await world.type();
        await world.reservation(type, 2, { expires_in_seconds: 1 });
        const limit = Date.now() + 10_000;
        let log = await world.log(type);
        while (log.length < 3) {
            assert.ok(Date.now() < limit, "it is not swept");
            await new Promise((resolve) => setTimeout(resolve, 50));
            log = await world.log(type);
        }
        assert.deepEqual([log[2]!.action, log[2]!.new_reserved], ["release", 0]);
    });

    it("is swept at once on request, and counted once", async () => {
        const type = await world.type();
        const made = await world.reservation(type, 2, { expires_in_seconds: 1 });
        await world.expiry(`/v1/reservations/${made.id}`);
        const path = "/v1/reservations/release-expired";
        const first = granted(await world.admin.post<{ released: number }>(path));
        assert.ok(first.released <= 1);
        assert.equal((await world.log(type)).at(-1)!.action, "release");
        assert.equal(granted(await world.admin.post<{ released: number }>(path, {})).released, 0);
    });
});

describe("releasing", () => {
    it("gives the tickets back, with the reason", async () => {
        const type = await world.type();
        const made = await world.reservation(type, 3);
        const released = granted(await act(made, "release", { reason: "changed my mind" }));
        assert.deepEqual([released.status, released.remaining_seconds], ["released", 0]);
        assert.equal((await world.counts(type)).reserved, 0);
        const entry = (await world.log(type)).at(-1)!;
        assert.deepEqual(
            [entry.action, entry.quantity, entry.reason],
            ["release", 3, "changed my mind"],
        );
    });

    it("again, or after the expiry, answers it unchanged (R6)", async () => {
        const type = await world.type();
        const made = await world.reservation(type);
        const released = granted(await act(made, "release"));
        assert.deepEqual(granted(await act(made, "release", { reason: "again" })), released);
        const short = await world.reservation(type, 1, { expires_in_seconds: 1 });
        await world.expiry(`/v1/reservations/${short.id}`);
        assert.equal(granted(await act(short, "release")).status, "expired");
        const releases = (await world.log(type)).filter((entry) => entry.action === "release");
        assert.ok(releases.length === 2 && releases[0]!.reason === null);
    });

    it("is refused for what was sold", async () => {
        const type = await world.type();
        const sold = await world.sale(type);
        refused(await act(sold, "release"), "reservation_completed", { order_id: sold.order_id! });
    });

    it("refuses a reason that is too short or too long", async () => {
        const made = await world.reservation(await world.type());
        invalid(await act(made, "release", { reason: "a" }), "/reason");
        invalid(await act(made, "release", { reason: "a".repeat(501) }), "/reason");
    });
});

describe("extending", () => {
    it("lets it live until now plus what was asked", async () => {
        const made = await world.reservation(await world.type(), 1, { expires_in_seconds: 60 });
        const asked = Date.now();
        const extended = granted(await act(made, "extend", { expires_in_seconds: 600 }));
        const late = Date.parse(extended.expires_at!) - (asked + 600_000);
        assert.ok(late >= 0 && late < 10_000, extended.expires_at!);
        assert.ok(extended.remaining_seconds > 590);
        assert.equal(extended.status, "active");
    });

    it("never takes time away", async () => {
        const made = await world.reservation(await world.type(), 1, { expires_in_seconds: 600 });
        const extended = granted(await act(made, "extend", { expires_in_seconds: 1 }));
        assert.equal(extended.expires_at, made.expires_at);
    });

    it("is refused beyond 2 hours from its creation", async () => {
        const made = await world.reservation(await world.type());
        const latest_expires_at = new Date(Date.parse(made.created_at) + 7_200_000).toISOString();
        await new Promise((resolve) => setTimeout(resolve, 2)); // the clock must pass its creation
        refused(await act(made, "extend", { expires_in_seconds: 7200 }), "extension_limit", {
            latest_expires_at,
        });
        const read = granted(await world.admin.get<Reservation>(`/v1/reservations/${made.id}`));
        assert.equal(read.expires_at, made.expires_at);
    });

    it("refuses what is not from 1 second to 2 hours", async () => {
        const made = await world.reservation(await world.type());
        for (const expires_in_seconds of [0, -5, 7201, null, "60"])
            invalid(await act(made, "extend", { expires_in_seconds }), "/expires_in_seconds");
        invalid(await act(made, "extend", {}), "/expires_in_seconds");
    });

    it("is refused for what is released, sold or expired", async () => {
        const type = await world.type();
        const body = { expires_in_seconds: 60 };
        const released = await world.reservation(type);
        granted(await act(released, "release"));
        refused(await act(released, "extend", body), "reservation_released");
        refused(await act(await world.sale(type), "extend", body), "reservation_completed");
        const short = await world.reservation(type, 1, { expires_in_seconds: 1 });
        await world.expiry(`/v1/reservations/${short.id}`);
        refused(await act(short, "extend", body), "reservation_expired", {
            expires_at: short.expires_at!,
        });
    });

    it("writes no audit entry, because no count changes", async () => {
        const type = await world.type();
        const made = await world.reservation(type);
        granted(await act(made, "extend", { expires_in_seconds: 1000 }));
        assert.equal((await world.log(type)).length, 2);
    });
});
