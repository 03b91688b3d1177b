// Selling in one step (R8), and the list of sales.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { type Client, granted, invalid, refused } from "../support/client.ts";
import type { Cart, Page, Reservation, TicketType } from "../support/objects.ts";
import { PRICE, World } from "../support/world.ts";

let world: World;
let office: Client;

before(async () => {
    world = await World.open();
    office = await world.key("box_office");
});
after(() => world.close());

const items = (type: TicketType, quantity = 2) => [{ ticket_type_id: type.id, quantity }];
const sell = (body: object, client = office) => client.post<Cart>("/v1/sales", body);

describe("a direct sale", () => {
    it("takes from the same inventory and is a completed cart", async () => {
        const type = await world.type({ initial_inventory: 5 });
        const sold = granted(
            await sell({ items: items(type, 3), channel: "box_office", tender: "cash" }),
            201,
        );
        assert.deepEqual(
            [sold.status, sold.amount, sold.remaining_seconds],
            ["completed", 3 * PRICE, 0],
        );
        const [line] = sold.lines;
        assert.deepEqual(
            [
                line!.status,
                line!.quantity,
                line!.channel,
                line!.tender,
                line!.order_id,
                line!.expires_at,
            ],
            ["completed", 3, "box_office", "cash", sold.order_id, null],
        );
        assert.notEqual(line!.completed_at, null);
        assert.deepEqual(await world.counts(type), {
            initial: 5,
            total: 5,
            sold: 3,
            reserved: 0,
            available: 2,
        });
        const log = await world.log(type);
        assert.deepEqual(
            log.map((entry) => [entry.action, entry.new_sold, entry.new_reserved]),
            [
                ["increase", 0, 0],
                ["sale", 3, 0],
            ],
        );
        assert.deepEqual(granted(await office.get<Cart>(`/v1/carts/${sold.id}`)), sold);
    });

    it("at the box office gets an order id of its own, elsewhere it must bring one", async () => {
        const type = await world.type();
        for (const more of [{ channel: "box_office" }, { channel: "comp", reason: "guest list" }]) {
            const sold = granted(await sell({ items: items(type, 1), ...more }), 201);
            assert.match(sold.order_id!, /^BO-[0-9A-Z]{10}$/);
        }
        for (const channel of ["online", "partner"]) {
            invalid(await sell({ items: items(type, 1), channel }), "/order_id");
            const own = { items: items(type, 1), channel, order_id: "P-1" };
            assert.equal(granted(await sell(own), 201).order_id, "P-1");
        }
    });

    it("for the channel comp is free and needs a reason", async () => {
        const type = await world.type();
        invalid(await sell({ items: items(type), channel: "comp" }), "/reason");
        const given = granted(
            await sell({ items: items(type), channel: "comp", reason: "guest list" }),
            201,
        );
        assert.deepEqual([given.amount, given.lines[0]!.unit_price], [0, 0]);
        assert.equal((await world.log(type)).at(-1)!.reason, "guest list");
    });

    it("never sells more than there is", async () => {
        const type = await world.type({ initial_inventory: 3 });
        await world.reservation(type, 2);
        refused(
            await sell({ items: items(type, 2), channel: "box_office" }),
            "insufficient_inventory",
            {
                requested: 2,
                available: 1,
                reserved: 2,
            },
        );
        const replies = await Promise.all(
            Array.from({ length: 8 }, () => sell({ items: items(type, 1), channel: "box_office" })),
        );
        assert.equal(replies.filter((reply) => reply.status === 201).length, 1);
    });

    it("sums lines of one type, and keeps to one event", async () => {
        const type = await world.type();
        const twice = [...items(type, 1), ...items(type, 2)];
        assert.deepEqual(
            granted(await sell({ items: twice, channel: "box_office" }), 201).lines.map(
                (one) => one.quantity,
            ),
            [3],
        );
        const mixed = [...items(type, 1), ...items(await world.type(), 1)];
        invalid(await sell({ items: mixed, channel: "box_office" }), "/items/1/ticket_type_id");
    });

    it("needs items and a channel that there is", async () => {
        const type = await world.type();
        invalid(await sell({ items: items(type) }), "/channel");
        invalid(await sell({ items: items(type), channel: "web" }), "/channel");
        invalid(await sell({ channel: "box_office" }), "/items");
        invalid(await sell({ items: [], channel: "box_office" }), "/items");
        const unknown = [{ ticket_type_id: randomUUID(), quantity: 1 }];
        refused(await sell({ items: unknown, channel: "box_office" }), "not_found");
    });

    it("is for the person who is acted for", async () => {
        const user = randomUUID();
        const body = { items: items(await world.type()), channel: "box_office" };
        const reply = await office.post<Cart>("/v1/sales", body, {
            headers: { "Acting-User": user },
        });
        assert.equal(granted(reply, 201).lines[0]!.user_id, user);
    });

    it("is refused for an archived ticket type", async () => {
        const type = await world.type();
        granted(await world.admin.post(`/v1/ticket-types/${type.id}/archive`));
        refused(await sell({ items: items(type), channel: "box_office" }), "archived");
    });
});

describe("the list of sales", () => {
    const list = async (query: Record<string, string>, client = world.admin) =>
        granted(await client.get<Page<Reservation>>("/v1/sales", { query })).data;

    it("holds what is completed, the last completed first", async () => {
        const type = await world.type();
        const first = await world.reservation(type, 1);
        const second = await world.sale(type, 2);
        await world.reservation(type, 3);
        granted(
            await world.admin.post(`/v1/reservations/${first.id}/complete`, { order_id: "late" }),
        );
        const sales = await list({ ticket_type_id: type.id });
        assert.deepEqual(
            sales.map((sale) => sale.id),
            [first.id, second.id],
        );
    });

    it("is filtered by what sales have", async () => {
        const user_id = randomUUID();
        const type = await world.type();
        const { id } = await world.reservation(type, 1, { user_id });
        const done = await world.admin.post<Reservation>(`/v1/reservations/${id}/complete`, {
            order_id: `F-${id}`,
            tender: "card",
            channel: "partner",
        });
        const sale = granted(done);
        const cart = granted(
            await sell({ items: items(type), channel: "box_office", tender: "cash" }),
            201,
        );
        const event_id = type.event_id;
        const found = async (query: Record<string, string>) =>
            (await list({ event_id, ...query })).map((one) => one.id).sort();
        const both = [sale.id, cart.lines[0]!.id].sort();
        assert.deepEqual(await found({}), both);
        assert.deepEqual(await found({ ticket_type_id: type.id }), both);
        assert.deepEqual(await found({ order_id: sale.order_id! }), [sale.id]);
        assert.deepEqual(await found({ user_id }), [sale.id]);
        assert.deepEqual(await found({ cart_id: cart.id }), [cart.lines[0]!.id]);
        assert.deepEqual(await found({ channel: "partner" }), [sale.id]);
        assert.deepEqual(await found({ tender: "cash" }), [cart.lines[0]!.id]);
        assert.deepEqual(await found({ actor: sale.sold_by! }), [sale.id]);
        assert.deepEqual(await found({ from: sale.completed_at!, tender: "card" }), [sale.id]);
        assert.deepEqual(await found({ to: sale.completed_at! }), []);
    });

    it("holds its own sales of the last 12 hours for a box office", async () => {
        const type = await world.type();
        await world.sale(type);
        const mine = granted(await sell({ items: items(type), channel: "box_office" }), 201);
        const seen = await list({ ticket_type_id: type.id }, office);
        assert.deepEqual(
            seen.map((sale) => sale.cart_id),
            [mine.id],
        );
    });
});
