// Increase and decrease (R9), and the entry that each writes.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { granted, invalid, refused } from "../support/client.ts";
import type { Counts, TicketType } from "../support/objects.ts";
import { World } from "../support/world.ts";

let world: World;

before(async () => {
    world = await World.open();
});
after(() => world.close());

interface Adjusted extends Counts {
    ticket_type_id: string;
    entry_id: string;
    seq: number;
}

const adjust = (verb: "increase" | "decrease", type: TicketType, body: object) =>
    world.admin.post<Adjusted>(`/v1/ticket-types/${type.id}/${verb}`, {
        reason: "the fire officer",
        ...body,
    });

describe("an increase", () => {
    it("raises the total, answers the counts and names its entry", async () => {
        const type = await world.type({ initial_inventory: 10 });
        const counts = granted(await adjust("increase", type, { quantity: 5 }));
        const entry = (await world.log(type)).at(-1)!;
        assert.deepEqual(counts, {
            ticket_type_id: type.id,
            initial: 10,
            total: 15,
            sold: 0,
            reserved: 0,
            available: 15,
            entry_id: entry.id,
            seq: 2,
        });
        assert.deepEqual(
            [entry.action, entry.quantity, entry.reason],
            ["increase", 5, "the fire officer"],
        );
        assert.deepEqual([entry.previous_total, entry.new_total], [10, 15]);
    });

    it("stops at the largest number", async () => {
        const type = await world.type({ initial_inventory: 2_147_483_646 });
        invalid(await adjust("increase", type, { quantity: 2 }), "/quantity");
        granted(await adjust("increase", type, { quantity: 1 }));
        invalid(await adjust("increase", type, { quantity: 1 }), "/quantity");
    });

    it("of many at once loses none of them", async () => {
        const type = await world.type({ initial_inventory: 0 });
        const replies = await Promise.all(
            Array.from({ length: 40 }, () => adjust("increase", type, { quantity: 3 })),
        );
        assert.ok(replies.every((reply) => reply.status === 200));
        assert.equal((await world.counts(type)).total, 120);
        assert.deepEqual(
            replies.map((reply) => reply.json.seq).sort((a, b) => a - b),
            [...Array(40).keys()].map((i) => i + 1),
        );
    });
});

describe("a decrease", () => {
    it("lowers the total and never the initial inventory", async () => {
        const type = await world.type({ initial_inventory: 10 });
        const counts = granted(await adjust("decrease", type, { quantity: 10 }));
        assert.deepEqual([counts.initial, counts.total, counts.available], [10, 0, 0]);
    });

    it("is refused whole below what is sold and reserved, with the shortfall", async () => {
        const type = await world.type({ initial_inventory: 10 });
        await world.sale(type, 3);
        await world.reservation(type, 4);
        refused(await adjust("decrease", type, { quantity: 5 }), "below_committed", {
            ticket_type_id: type.id,
            requested: 5,
            sold: 3,
            reserved: 4,
            total: 10,
            shortfall: 2,
        });
        assert.equal((await world.counts(type)).total, 10);
        assert.equal(granted(await adjust("decrease", type, { quantity: 3 })).available, 0);
    });

    it("does not count what has expired as reserved", async () => {
        const type = await world.type({ initial_inventory: 2 });
        const { id } = await world.reservation(type, 2, { expires_in_seconds: 1 });
        refused(await adjust("decrease", type, { quantity: 1 }), "below_committed", {
            shortfall: 1,
        });
        await world.expiry(`/v1/reservations/${id}`);
        granted(await adjust("decrease", type, { quantity: 2 }));
    });
});

describe("both", () => {
    it("need a reason of 3 to 500 characters once trimmed, and store it trimmed", async () => {
        const type = await world.type();
        for (const verb of ["increase", "decrease"] as const) {
            for (const reason of ["", "  ", "ab", " ab ", "x".repeat(501)])
                invalid(await adjust(verb, type, { quantity: 1, reason }), "/reason");
            invalid(
                await world.admin.post(`/v1/ticket-types/${type.id}/${verb}`, { quantity: 1 }),
                "/reason",
            );
            granted(await adjust(verb, type, { quantity: 1, reason: "äöü" }));
            granted(await adjust(verb, type, { quantity: 1, reason: "ü".repeat(500) }));
            granted(await adjust(verb, type, { quantity: 1, reason: "  trimmed  " }));
            assert.equal((await world.log(type)).at(-1)!.reason, "trimmed");
        }
    });

    it("need a quantity of at least 1", async () => {
        const type = await world.type();
        for (const quantity of [0, -1, 1.5, "1", null, 2_147_483_648])
            for (const verb of ["increase", "decrease"] as const)
                invalid(await adjust(verb, type, { quantity }), "/quantity");
    });

    it("match an expected total, where one is given", async () => {
        const type = await world.type({ initial_inventory: 100 });
        refused(
            await adjust("increase", type, { quantity: 50, expected_total: 99 }),
            "stale_total",
            {
                ticket_type_id: type.id,
                expected_total: 99,
                total: 100,
            },
        );
        const body = { quantity: 50, expected_total: 100 };
        const replies = await Promise.all([
            adjust("increase", type, body),
            adjust("increase", type, body),
        ]);
        assert.deepEqual(replies.map((reply) => reply.status).sort(), [200, 409]);
        assert.equal((await world.counts(type)).total, 150);
        refused(await adjust("decrease", type, body), "stale_total", { total: 150 });
    });

    it("are 404 for a ticket type that does not exist", async () => {
        const body = { quantity: 1, reason: "more" };
        for (const verb of ["increase", "decrease"])
            refused(
                await world.admin.post(`/v1/ticket-types/${randomUUID()}/${verb}`, body),
                "not_found",
            );
    });
});
