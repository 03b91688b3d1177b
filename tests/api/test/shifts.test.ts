import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { type Client, granted, invalid, refused } from "../support/client.ts";
import type { AuditEntry, Cart, Page, Reservation, Shift, TicketType } from "../support/objects.ts";
import { allPages, inDays, PRICE, World } from "../support/world.ts";

let world: World;
let type: TicketType;

before(async () => {
    world = await World.open();
    type = await world.type({ initial_inventory: 1_000 });
});
after(() => world.close());

const OPENING = { terminal: "Door 1", currency: "EUR", opening_cash: 10_000 };

const openShift = async (who: Client): Promise<Shift> =>
    granted(await who.post<Shift>("/v1/shifts", OPENING), 201);
const look = async (who: Client, { id }: Shift): Promise<Shift> =>
    granted(await who.get<Shift>(`/v1/shifts/${id}`));
const close = (who: Client, { id }: Shift, counted_cash: number, more: object = {}) =>
    who.post<Shift>(`/v1/shifts/${id}/close`, { counted_cash, ...more });
const sell = async (who: Client, quantity: number, more: object): Promise<Cart> => {
    const items = [{ ticket_type_id: type.id, quantity }];
    return granted(
        await who.post<Cart>("/v1/sales", { items, channel: "box_office", ...more }),
        201,
    );
};
const refund = (who: Client, sale: Cart, more: object) =>
    who.post(`/v1/carts/${sale.id}/refunds`, { reason: "wrong day", ...more });
const part = (sale: Cart, quantity: number) => ({
    items: [{ reservation_id: sale.lines[0]!.id, quantity }],
});
const tender = (shift: Shift, name: string | null) =>
    shift.totals.by_tender.find((one) => one.tender === name)!;

describe("a shift", () => {
    it("begins with what is in the drawer, and an operator has one at a time", async () => {
        const office = await world.key("box_office");
        const shift = await openShift(office);
        assert.deepEqual(
            [shift.opening_cash, shift.expected_cash, shift.counted_cash, shift.closed_at],
            [10_000, 10_000, null, null],
        );
        assert.deepEqual(shift.totals.by_tender, []);
        assert.equal(shift.operator_name, "a box_office"); /* as the key is called */
        assert.equal((await look(office, shift)).operator_name, "a box_office");
        const twice = refused(await office.post("/v1/shifts", OPENING), "shift_open") as any;
        assert.equal(twice.shift_id, shift.id);
    });

    it("is opened once, however often the same key asks", async () => {
        const office = await world.key("box_office");
        const headers = { "Idempotency-Key": randomUUID() };
        const first = await office.request("POST", "/v1/shifts", { body: OPENING, headers });
        const again = await office.request("POST", "/v1/shifts", { body: OPENING, headers });
        assert.equal(again.status, 201);
        assert.equal(again.text, first.text);
        assert.equal(again.headers["idempotency-replayed"], "true");
    });

    it("counts sales, comp tickets and refunds by the tender in which they were paid", async () => {
        const office = await world.key("box_office");
        const shift = await openShift(office);
        const cash = await sell(office, 4, { tender: "cash" });
        const card = await sell(office, 2, { tender: "card" });
        await sell(office, 3, { channel: "comp", reason: "press" });
        granted(await refund(office, cash, part(cash, 1)), 201);
        granted(await refund(office, card, { ...part(card, 1), tender: "cash" }), 201);
        granted(await refund(office, cash, { ...part(cash, 1), tender: "card" }), 201);
        const seen = await look(office, shift);
        assert.equal(seen.expected_cash, 10_000 + 4 * PRICE - 2 * PRICE);
        assert.deepEqual(tender(seen, "cash"), {
            ...{ tender: "cash", tickets_sold: 4, tickets_refunded: 2 },
            ...{ gross: 4 * PRICE, refunds: 2 * PRICE, net: 2 * PRICE },
        });
        assert.equal(tender(seen, "card").net, PRICE);
        assert.equal(tender(seen, null).gross, 0);
        const { by_tender: _, ...all } = seen.totals;
        assert.deepEqual(all, {
            ...{ sales: 3, tickets_sold: 9, tickets_refunded: 3 },
            ...{ gross: 6 * PRICE, refunds: 3 * PRICE, net: 3 * PRICE },
        });
    });

    it("is named by each sale and each entry that it counts, and by no other", async () => {
        const office = await world.key("box_office");
        const before = (await sell(office, 1, { tender: "cash" })).lines[0]!;
        const shift = await openShift(office);
        const sale = await sell(office, 2, { tender: "cash" });
        granted(await refund(office, sale, part(sale, 1)), 201);
        assert.deepEqual([before.shift_id, sale.lines[0]!.shift_id], [null, shift.id]);
        const log = async (id: string) =>
            granted(
                await world.admin.get<Page<AuditEntry>>(`/v1/audit-log?reservation_id=${id}`),
            ).data.map((entry) => entry.shift_id);
        assert.deepEqual(await log(before.id), [null]);
        assert.deepEqual(await log(sale.lines[0]!.id), [shift.id, shift.id]);
    });

    it("counts what its operator completes at the till, and not what a shop completes", async () => {
        const office = await world.key("box_office");
        const shift = await openShift(office);
        const complete = async (more: object) => {
            const { id } = await world.reservation(type, 1);
            const body = { order_id: `order-${randomUUID()}`, ...more };
            return granted(await office.post<Reservation>(`/v1/reservations/${id}/complete`, body));
        };
        await complete({ channel: "box_office", tender: "cash" });
        await complete({ tender: "card" });
        const seen = await look(office, shift);
        assert.deepEqual([seen.totals.sales, seen.expected_cash], [1, 10_000 + PRICE]);
    });

    it("is closed with the difference, and does not change any more", async () => {
        const office = await world.key("box_office");
        const shift = await openShift(office);
        const sale = await sell(office, 2, { tender: "cash" });
        const headers = { "Idempotency-Key": randomUUID() };
        const body = { counted_cash: 14_900, note: " a coin is missing " };
        const path = `/v1/shifts/${shift.id}/close`;
        const reply = await office.request<Shift>("POST", path, { body, headers });
        const closed = granted(reply);
        assert.deepEqual(
            [closed.expected_cash, closed.counted_cash, closed.difference, closed.note],
            [15_000, 14_900, -100, "a coin is missing"],
        );
        assert.notEqual(closed.closed_at, null);
        const again = await office.request<Shift>("POST", path, { body, headers });
        assert.equal(again.text, reply.text);
        refused(await close(office, shift, 15_000), "shift_closed");
        await sell(office, 1, { tender: "cash" });
        granted(await refund(office, sale, part(sale, 1)), 201); /* sold in the last 12 hours */
        assert.deepEqual(await look(office, shift), closed);
        await openShift(office);
        refused(await refund(office, sale, part(sale, 1)), "role_required");
    });

    it("leaves out events of another currency", async () => {
        const office = await world.key("box_office");
        const shift = granted(
            await office.post<Shift>("/v1/shifts", { ...OPENING, currency: "CHF" }),
            201,
        );
        await sell(office, 1, { tender: "cash" });
        assert.equal((await look(office, shift)).totals.sales, 0);
    });

    it("holds exactly what was sold before the close, while sales go on", async () => {
        const office = await world.key("box_office");
        const shift = await openShift(office);
        const sales = Array.from({ length: 24 }, () => sell(office, 1, { tender: "cash" }));
        await Promise.race(sales);
        const closed = granted(await close(office, shift, 0));
        await Promise.all(sales);
        const { totals, expected_cash } = await look(office, shift);
        assert.deepEqual([totals, expected_cash], [closed.totals, closed.expected_cash]);
        assert.equal(expected_cash, 10_000 + totals.tickets_sold * PRICE);
        assert.ok(totals.tickets_sold >= 1);
    });

    it("refuses forms that cannot be", async () => {
        const office = await world.key("box_office");
        const open = (body: object) => office.post("/v1/shifts", body);
        invalid(await open({}), "/terminal", "/currency", "/opening_cash");
        invalid(await open({ ...OPENING, currency: "eur" }), "/currency");
        invalid(await open({ ...OPENING, opening_cash: -1 }), "/opening_cash");
        const shift = await openShift(office);
        invalid(await office.post(`/v1/shifts/${shift.id}/close`, {}), "/counted_cash");
        invalid(await close(office, shift, 1, { note: "two\nlines" }), "/note");
        refused(await close(office, { ...shift, id: randomUUID() }, 1), "not_found");
    });
});

describe("who sees a shift", () => {
    it("is its operator, and whoever reads the log of all events", async () => {
        const [one, other] = [await world.key("box_office"), await world.key("box_office")];
        const shift = await openShift(one);
        refused(await other.get(`/v1/shifts/${shift.id}`), "role_required");
        refused(await close(other, shift, 0), "role_required");
        assert.deepEqual(await allPages(other, "/v1/shifts", {}), []);
        for (const role of ["viewer", "event_manager"] as const)
            assert.equal((await look(await world.key(role), shift)).id, shift.id);
        const scoped = await world.key("event_manager", [type.event_id]);
        refused(await scoped.get(`/v1/shifts/${shift.id}`), "event_out_of_scope");
        assert.deepEqual(await allPages(scoped, "/v1/shifts", {}), []);
        const shop = await world.key("checkout");
        refused(await shop.get("/v1/shifts"), "role_required");
        refused(await shop.post("/v1/shifts", OPENING), "role_required");
        refused(await (await world.key("viewer")).post("/v1/shifts", OPENING), "role_required");
        granted(await close(await world.key("event_manager"), shift, 10_000));
    });

    it("finds it by operator, by status and by when it was opened", async () => {
        const office = await world.key("box_office");
        const first = await openShift(office);
        granted(await close(office, first, 10_000));
        const last = await openShift(office);
        const actor = first.operator.id;
        const ids = async (query: Record<string, string | number>) =>
            (await allPages<Shift>(world.admin, "/v1/shifts", { actor, ...query })).map(
                (one) => one.id,
            );
        assert.deepEqual(await ids({}), [last.id, first.id]);
        assert.deepEqual(await ids({ limit: 1 }), [last.id, first.id]);
        assert.deepEqual(await ids({ status: "open" }), [last.id]);
        assert.deepEqual(await ids({ status: "closed" }), [first.id]);
        assert.deepEqual(await ids({ from: first.opened_at }), [last.id, first.id]);
        assert.deepEqual(await ids({ from: inDays(1) }), []);
        assert.deepEqual(await ids({ to: first.opened_at }), []);
        assert.deepEqual(await allPages(world.admin, "/v1/shifts", { actor: "system" }), []);
        const csv = await world.admin.get("/v1/shifts", { query: { actor, format: "csv" } });
        assert.equal(csv.text.trim().split("\r\n").length, 3);
        assert.match(csv.text, /^id,operator_kind,operator_id,operator_name,terminal,/);
    });

    it("sees lists that reach as far back as its open shift", async () => {
        const office = await world.key("box_office");
        await sell(office, 1, { tender: "cash" });
        const seen = async () => [
            (await allPages<Reservation>(office, "/v1/sales", {})).length,
            (await allPages<AuditEntry>(office, "/v1/audit-log", {})).length,
        ];
        assert.deepEqual(await seen(), [1, 1]);
        const shift = await openShift(office);
        assert.deepEqual(await seen(), [0, 0]);
        await sell(office, 1, { tender: "card" });
        assert.deepEqual(await seen(), [1, 1]);
        granted(await close(office, shift, 10_000));
        assert.deepEqual(await seen(), [2, 2]);
        const page = granted(
            await office.get<Page<Reservation>>("/v1/sales", { query: { limit: 1 } }),
        );
        assert.notEqual(page.next_cursor, null);
    });
});
