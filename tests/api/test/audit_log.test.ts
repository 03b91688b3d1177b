// The log (R10, R11): every change of a count, in order, with who and why; and explain.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { granted, invalid, refused } from "../support/client.ts";
import type { AuditEntry, Explanation, Page, Reservation, TicketType } from "../support/objects.ts";
import { allPages, inDays, World } from "../support/world.ts";

let world: World;

before(async () => {
    world = await World.open();
});
after(() => world.close());

// One of everything that changes a count.
async function busyType(): Promise<TicketType> {
    const type = await world.type({ initial_inventory: 50 });
    const path = `/v1/ticket-types/${type.id}`;
    granted(await world.admin.post(`${path}/increase`, { quantity: 10, reason: "more room" }));
    granted(await world.admin.post(`${path}/decrease`, { quantity: 5, reason: "less room" }));
    const sale = await world.sale(type, 4, { tender: "card" });
    granted(
        await world.admin.post(`/v1/reservations/${sale.id}/refunds`, {
            quantity: 1,
            reason: "one is ill",
        }),
        201,
    );
    const voided = { quantity: 1, reason: "a seat broke", disposition: "void" };
    granted(await world.admin.post(`/v1/reservations/${sale.id}/refunds`, voided), 201);
    granted(
        await world.admin.post(`/v1/reservations/${(await world.reservation(type, 3)).id}/release`),
    );
    const direct = {
        items: [{ ticket_type_id: type.id, quantity: 2 }],
        channel: "box_office",
        tender: "cash",
    };
    granted(await world.admin.post("/v1/sales", direct), 201);
    return type;
}

const find = (query: Record<string, string | number>) =>
    world.admin.get<Page<AuditEntry>>("/v1/audit-log", { query });

describe("the audit log", () => {
    it("has one entry for each change, with its delta", async () => {
        const deltas = (await world.log(await busyType())).map((entry) => [
            entry.action,
            entry.quantity,
            entry.new_total - entry.previous_total,
            entry.new_sold - entry.previous_sold,
            entry.new_reserved - entry.previous_reserved,
        ]);
        assert.deepEqual(deltas, [
            ["increase", 50, 50, 0, 0],
            ["increase", 10, 10, 0, 0],
            ["decrease", 5, -5, 0, 0],
            ["reserve", 4, 0, 0, 4],
            ["sale", 4, 0, 4, -4],
            ["refund", 1, 0, -1, 0],
            ["refund", 1, -1, -1, 0],
            ["reserve", 3, 0, 0, 3],
            ["release", 3, 0, 0, -3],
            ["sale", 2, 0, 2, 0],
        ]);
    });

    it("is numbered without a gap, each entry starting where the last ended", async () => {
        const log = await world.log(await busyType());
        let [total, sold, reserved, at] = [0, 0, 0, ""];
        for (const [i, entry] of log.entries()) {
            assert.equal(entry.seq, i + 1);
            assert.deepEqual(
                [entry.previous_total, entry.previous_sold, entry.previous_reserved],
                [total, sold, reserved],
            );
            assert.ok(entry.created_at >= at);
            [total, sold, reserved, at] = [
                entry.new_total,
                entry.new_sold,
                entry.new_reserved,
                entry.created_at,
            ];
        }
        assert.equal(new Set(log.map((entry) => entry.chain_hash)).size, log.length);
        assert.equal(new Set(log.map((entry) => entry.id)).size, log.length);
    });

    it("names the key that did it, and the person it acted for", async () => {
        const type = await world.type();
        const made = granted(
            await world.admin.post("/v1/api-keys", { name: "Door", role: "box_office" }),
            201,
        );
        const user = randomUUID();
        const body = { ticket_type_id: type.id, quantity: 1 };
        granted(
            await world.nobody
                .as(made.key)
                .post("/v1/reservations", body, { headers: { "Acting-User": user } }),
            201,
        );
        const entry = (await world.log(type)).at(-1)!;
        const actor = { kind: "key", id: made.id, name: "Door" };
        assert.deepEqual([entry.actor, entry.user_id], [actor, user]);
    });

    it("writes nothing for what was refused", async () => {
        const type = await world.type({ initial_inventory: 1 });
        refused(
            await world.admin.post("/v1/reservations", { ticket_type_id: type.id, quantity: 2 }),
            "insufficient_inventory",
        );
        const less = { quantity: 2, reason: "too many" };
        refused(
            await world.admin.post(`/v1/ticket-types/${type.id}/decrease`, less),
            "below_committed",
        );
        assert.equal((await world.log(type)).length, 1);
    });
});

describe("the filters of the log", () => {
    const seqs = async (query: Record<string, string | number>) =>
        granted(await find(query)).data.map((entry) => entry.seq);

    it("select by each of its columns, newest first", async () => {
        const type = await busyType();
        const ticket_type_id = type.id;
        const log = await world.log(type);
        const sale = log[4]!;
        assert.deepEqual(await seqs({ ticket_type_id }), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
        assert.deepEqual(await seqs({ event_id: type.event_id }), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
        assert.deepEqual(await seqs({ ticket_type_id, action: "refund" }), [7, 6]);
        assert.deepEqual(await seqs({ ticket_type_id, action: "decrease" }), [3]);
        assert.deepEqual(await seqs({ reservation_id: sale.reservation_id! }), [7, 6, 5, 4]);
        assert.deepEqual(await seqs({ ticket_type_id, order_id: sale.order_id! }), [7, 6, 5]);
        assert.deepEqual(await seqs({ ticket_type_id, channel: "box_office" }), [10]);
        assert.deepEqual(await seqs({ ticket_type_id, tender: "card" }), [7, 6, 5]);
        assert.deepEqual(await seqs({ ticket_type_id, after_seq: 8 }), [10, 9]);
        assert.deepEqual(await seqs({ ticket_type_id, q: "ROOM" }), [3, 2]);
        assert.deepEqual(await seqs({ ticket_type_id, q: "%" }), []);
        assert.deepEqual(
            await seqs({ ticket_type_id, actor: sale.actor.id! }),
            [10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
        );
        assert.deepEqual(await seqs({ ticket_type_id, actor: "system" }), []);
        assert.deepEqual(await seqs({ ticket_type_id: randomUUID() }), []);
    });

    it("select by time, from on and up to before", async () => {
        const type = await busyType();
        const log = await world.log(type);
        const at = log[5]!.created_at;
        const from = log.filter((entry) => entry.created_at >= at).map((entry) => entry.seq);
        const to = log.filter((entry) => entry.created_at < at).map((entry) => entry.seq);
        assert.deepEqual(await seqs({ ticket_type_id: type.id, from: at }), from.reverse());
        assert.deepEqual(await seqs({ ticket_type_id: type.id, to: at }), to.reverse());
        assert.deepEqual(await seqs({ ticket_type_id: type.id, from: inDays(1) }), []);
    });

    it("select by person", async () => {
        const user_id = randomUUID();
        const type = await world.type();
        await world.reservation(type, 1, { user_id });
        await world.reservation(type, 1);
        assert.deepEqual(await seqs({ user_id }), [2]);
    });

    it("show the expiries of the system", async () => {
        const type = await world.type();
        const { id } = await world.reservation(type, 1, { expires_in_seconds: 1 });
        await world.expiry(`/v1/reservations/${id}`);
        granted(await world.admin.post("/v1/reservations/release-expired"));
        assert.deepEqual(await seqs({ ticket_type_id: type.id, actor: "system" }), [3]);
    });

    it("refuse what does not fit them", async () => {
        invalid(await find({ after_seq: 1 }), "ticket_type_id");
        invalid(await find({ action: "expire" }), "action");
        invalid(await find({ event_id: "x" }), "event_id");
        invalid(await find({ from: "yesterday" }), "from");
        invalid(await find({ channel: "web" }), "channel");
        invalid(await find({ actor: "me" }), "actor");
        invalid(await find({ status: "active" }), "status");
        invalid(await find({ limit: 0 }), "limit");
        invalid(await find({ limit: 201 }), "limit");
        invalid(await find({ limit: "ten" }), "limit");
    });

    it("refuse a parameter that is given twice", async () => {
        const id = randomUUID();
        invalid(await world.admin.get(`/v1/audit-log?event_id=${id}&event_id=${id}`), "event_id");
    });
});

describe("explain", () => {
    const explain = (type: TicketType, query: Record<string, string | number> = {}) =>
        world.admin.get<Explanation>(`/v1/ticket-types/${type.id}/explain`, { query });

    it("without an instant says what the counts are, and shows all entries", async () => {
        const type = await busyType();
        const told = granted(await explain(type));
        assert.deepEqual(told.counts, await world.counts(type));
        assert.deepEqual(
            [told.ticket_type_id, told.last_seq, told.expired_unwritten],
            [type.id, 10, 0],
        );
        assert.deepEqual(told.entries, (await world.log(type)).reverse());
        assert.equal(told.next_cursor, null);
    });

    it("at the instant of each entry says the counts after it", async () => {
        const type = await busyType();
        const log = await world.log(type);
        for (const { created_at: at } of log) {
            const last = log.filter((entry) => entry.created_at <= at).at(-1)!;
            const told = granted(await explain(type, { at }));
            assert.deepEqual(told.counts, {
                initial: 50,
                total: last.new_total,
                sold: last.new_sold,
                reserved: last.new_reserved,
                available: last.new_total - last.new_sold - last.new_reserved,
            });
            assert.deepEqual(
                [told.at, told.last_seq, told.entries[0]!.seq],
                [at, last.seq, last.seq],
            );
        }
    });

    it("counts an expiry from its instant on, not from when it was written (R11)", async () => {
        const type = await world.type({ initial_inventory: 10 });
        const made = await world.reservation(type, 3, { expires_in_seconds: 1 });
        await world.expiry(`/v1/reservations/${made.id}`);
        granted(await world.admin.post("/v1/reservations/release-expired"));
        const release = (await world.log(type)).at(-1)!;
        assert.equal(release.action, "release");
        const before = new Date(Date.parse(made.expires_at!) - 1).toISOString();
        const told = granted(await explain(type, { at: before }));
        assert.deepEqual([told.counts.reserved, told.expired_unwritten], [3, 0]);
        const at = granted(await explain(type, { at: made.expires_at! }));
        assert.equal(at.counts.reserved, 0);
        assert.equal(at.expired_unwritten, release.created_at > made.expires_at! ? 3 : 0);
        const now = granted(await explain(type));
        assert.deepEqual(
            [now.counts.reserved, now.expired_unwritten, now.last_seq],
            [0, 0, release.seq],
        );
    });

    it("shows entries page by page", async () => {
        const type = await busyType();
        const first = granted(await explain(type, { limit: 4 }));
        assert.deepEqual(
            first.entries.map((entry) => entry.seq),
            [10, 9, 8, 7],
        );
        const second = granted(await explain(type, { limit: 4, cursor: first.next_cursor! }));
        assert.deepEqual(
            second.entries.map((entry) => entry.seq),
            [6, 5, 4, 3],
        );
        const third = granted(await explain(type, { limit: 4, cursor: second.next_cursor! }));
        assert.deepEqual(
            [third.entries.map((entry) => entry.seq), third.next_cursor],
            [[2, 1], null],
        );
        refused(await explain(type, { cursor: "nonsense" }), "bad_cursor");
    });

    it("of a type without tickets has no entries", async () => {
        const told = granted(await explain(await world.type({ initial_inventory: 0 })));
        assert.deepEqual([told.entries, told.last_seq, told.counts.total], [[], 0, 0]);
    });

    it("refuses the future, the time before the type, and what is not a time", async () => {
        const type = await world.type();
        for (const at of [inDays(1), inDays(-1), "now"]) invalid(await explain(type, { at }), "at");
    });

    it("is 404 for a ticket type that does not exist", async () => {
        refused(await world.admin.get(`/v1/ticket-types/${randomUUID()}/explain`), "not_found");
    });
});

describe("a list of reservations", () => {
    it("is newest first, and filtered by what reservations have", async () => {
        const type = await world.type();
        const user_id = randomUUID();
        const active = await world.reservation(type, 1, { user_id });
        const sale = await world.sale(type, 2, { tender: "card", channel: "partner" });
        const gone = await world.reservation(type, 1);
        granted(await world.admin.post(`/v1/reservations/${gone.id}/release`));
        const cart = await world.cart([[type, 1]]);
        const line = cart.lines[0]!;
        const ids = async (query: Record<string, string>) => {
            const all = { event_id: type.event_id, ...query };
            return (await allPages<Reservation>(world.admin, "/v1/reservations", all)).map(
                (one) => one.id,
            );
        };
        assert.deepEqual(await ids({}), [line.id, gone.id, sale.id, active.id]);
        assert.deepEqual(await ids({ ticket_type_id: type.id }), [
            line.id,
            gone.id,
            sale.id,
            active.id,
        ]);
        assert.deepEqual(await ids({ status: "active" }), [line.id, active.id]);
        assert.deepEqual(await ids({ status: "completed" }), [sale.id]);
        assert.deepEqual(await ids({ status: "released" }), [gone.id]);
        assert.deepEqual(await ids({ cart_id: cart.id }), [line.id]);
        assert.deepEqual(await ids({ order_id: sale.order_id! }), [sale.id]);
        assert.deepEqual(await ids({ user_id }), [active.id]);
        assert.deepEqual(await ids({ channel: "partner" }), [sale.id]);
        assert.deepEqual(await ids({ tender: "card" }), [sale.id]);
        assert.deepEqual(await ids({ to: active.created_at }), []);
        assert.deepEqual((await ids({ from: active.created_at })).at(-1), active.id);
    });

    it("shows what has expired as expired, swept or not", async () => {
        const type = await world.type();
        const { id } = await world.reservation(type, 1, { expires_in_seconds: 1 });
        await world.expiry(`/v1/reservations/${id}`);
        const list = async (status: string) => {
            const query = { ticket_type_id: type.id, status };
            return granted(await world.admin.get<Page<Reservation>>("/v1/reservations", { query }))
                .data;
        };
        assert.deepEqual(
            (await list("expired")).map((one) => [one.id, one.status]),
            [[id, "expired"]],
        );
        assert.deepEqual(await list("active"), []);
    });
});
