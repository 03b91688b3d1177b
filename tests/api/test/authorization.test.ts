// Who may do what, cell by cell: every operation of the contract for every credential.
//
// `expected` is DESIGN's table; the contract only says which row guards an operation. A row or an operation that is
// missing here fails.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Client, granted, refused } from "../support/client.ts";
import { Contract, type Operation } from "../support/contract.ts";
import type { Cart, Event, Page, Reservation, TicketType } from "../support/objects.ts";
import { requests, restore, Stage } from "../support/requests.ts";
import { allPages, World } from "../support/world.ts";

const OK = "granted";
const WHO = "unauthenticated";
const ROLE = "role_required";
const SCOPE = "event_out_of_scope";
type Cell = typeof OK | typeof WHO | typeof ROLE | typeof SCOPE;

// `manager` is scoped to the event of the stage, `other_manager` to another one.
const credentials = [
    "nobody",
    "admin",
    "manager",
    "other_manager",
    "box_office",
    "checkout",
    "viewer",
] as const;
type Credential = (typeof credentials)[number];

const expected: Record<string, Cell[]> = {
    //                nobody admin manager other  office checkout viewer
    none: /*            */ [OK, OK, OK, OK, OK, OK, OK],
    public_read: /*     */ [OK, OK, OK, OK, OK, OK, OK],
    reserve: /*         */ [WHO, OK, OK, SCOPE, OK, OK, ROLE],
    complete: /*        */ [WHO, OK, OK, SCOPE, OK, OK, ROLE],
    sell: /*            */ [WHO, OK, OK, SCOPE, OK, ROLE, ROLE],
    refund: /*          */ [WHO, OK, OK, SCOPE, ROLE, OK, ROLE], // box office: its own, tested below
    adjust: /*          */ [WHO, OK, OK, SCOPE, ROLE, ROLE, ROLE],
    people: /*          */ [WHO, OK, ROLE, ROLE, ROLE, ROLE, ROLE],
    read: /*            */ [WHO, OK, OK, SCOPE, OK, OK, OK],
    read_counts: /*     */ [WHO, OK, OK, SCOPE, OK, ROLE, OK],
    read_log: /*        */ [WHO, OK, OK, OK, OK, ROLE, OK],
    read_history: /*    */ [WHO, OK, OK, SCOPE, ROLE, ROLE, OK],
    release_expired: /* */ [WHO, OK, OK, OK, OK, OK, ROLE],
    signed_in: /*       */ [WHO, OK, OK, OK, OK, OK, OK],
};

// Where no event is named: lists are narrowed, what belongs to no event needs a key without a scope.
const unscoped = [
    "event_create",
    "venue_create",
    "venue_update",
    "venue_archive",
    "venue_unarchive",
];
const narrowed = ["reservation_list", "sale_list", "audit_log_list"];

// A shift belongs to no event but to its operator, here the administrator: whoever is limited to some events sees
// only shifts of their own, as the box office does.
const ofShift: Record<string, Partial<Record<Credential, Cell>>> = {
    shift_open: { other_manager: OK },
    shift_get: { manager: SCOPE, other_manager: SCOPE, box_office: ROLE },
    shift_close: { manager: SCOPE, box_office: ROLE },
};
// What a cookie decides, whatever else is sent with it: sessions.test.ts.
const byCookie = ["me_password"];

function cell(operation: Operation, credential: Credential): Cell {
    if (byCookie.includes(operation.id)) return OK;
    const row = expected[operation.right]!;
    const said = ofShift[operation.id]?.[credential] ?? row[credentials.indexOf(credential)]!;
    if (unscoped.includes(operation.id) && credential === "manager") return SCOPE;
    if (narrowed.includes(operation.id) && said === SCOPE) return OK;
    return said;
}

const contract = Contract.load();
let world: World;
let stage: Stage;
let elsewhere: Event;
let clients: Record<Credential, Client>;

before(async () => {
    world = await World.open();
    stage = await Stage.set(world);
    elsewhere = await world.event();
    clients = {
        nobody: world.nobody,
        admin: world.admin,
        manager: await world.key("event_manager", [stage.event.id]),
        other_manager: await world.key("event_manager", [elsewhere.id]),
        box_office: await world.key("box_office"),
        checkout: await world.key("checkout"),
        viewer: await world.key("viewer"),
    };
});
after(() => world.close());

describe("the table", () => {
    it("has a row for every right, and a request for every operation", () => {
        for (const { id, right } of contract.operations) {
            assert.ok(right in expected, `no row for ${right}`);
            assert.ok(id in requests, `no request for ${id}`);
        }
        for (const id of Object.keys(requests)) contract.named(id);
    });
});

// The newest entries of the log: what a refused request must not have moved.
const head = async () =>
    (await world.admin.get("/v1/audit-log", { query: { ticket_type_id: stage.type.id, limit: 1 } }))
        .text;

for (const operation of contract.operations) {
    describe(operation.id, () => {
        for (const credential of credentials) {
            const answer = cell(operation, credential);
            it(`is ${answer === OK ? OK : `refused as ${answer}`} for ${credential}`, async () => {
                const { path, ...ask } = await requests[operation.id]!(stage);
                const before = await head();
                const reply = await clients[credential].request(operation.method, path, ask);
                if (answer === OK) {
                    assert.ok(reply.status < 300, `${reply.status}: ${reply.text}`);
                    await restore(stage);
                } else {
                    refused(reply, answer);
                    assert.equal(await head(), before, "it left something in the log");
                }
            });
        }
    });
}

describe("a box office", () => {
    it("refunds its own sales, not those of others", async () => {
        const office = clients.box_office;
        const items = [stage.item()];
        const body = { reason: "the buyer is ill" };
        const own = granted(
            await office.post<Cart>("/v1/sales", { items, channel: "box_office" }),
            201,
        );
        granted(
            await office.post(`/v1/reservations/${own.lines[0]!.id}/refunds`, {
                ...body,
                quantity: 1,
            }),
            201,
        );
        granted(await office.post(`/v1/carts/${own.id}/refunds`, body), 201);
        const second = await world.key("box_office");
        const other = granted(
            await second.post<Cart>("/v1/sales", { items, channel: "box_office" }),
            201,
        );
        refused(await office.post(`/v1/carts/${other.id}/refunds`, body), "role_required");
        refused(
            await office.post(`/v1/reservations/${other.lines[0]!.id}/refunds`, body),
            "role_required",
        );
    });

    it("sees in the log and the lists what it did itself", async () => {
        const office = await world.key("box_office");
        const items = [stage.item()];
        const own = granted(
            await office.post<Cart>("/v1/sales", { items, channel: "box_office" }),
            201,
        );
        await world.sale(stage.type);
        const sales = await allPages<Reservation>(office, "/v1/sales", {});
        assert.deepEqual(
            sales.map((sale) => sale.id),
            [own.lines[0]!.id],
        );
        const log = await allPages<{ reservation_id: string }>(office, "/v1/audit-log", {});
        assert.deepEqual(
            log.map((entry) => entry.reservation_id),
            [own.lines[0]!.id],
        );
    });
});

describe("a key that is scoped to events", () => {
    it("sees those events only in its lists", async () => {
        const manager = clients.other_manager;
        const type = await world.type({}, elsewhere);
        const made = await world.reservation(type);
        const sale = await world.sale(type);
        await world.sale(stage.type);
        const ids = async (path: string) =>
            (await allPages<{ id: string }>(manager, path, {})).map((row) => row.id);
        assert.deepEqual(await ids("/v1/reservations"), [sale.id, made.id]);
        assert.deepEqual(await ids("/v1/sales"), [sale.id]);
        const log = await allPages<{ event_id: string }>(manager, "/v1/audit-log", { limit: 200 });
        assert.ok(log.length > 0 && log.every((entry) => entry.event_id === elsewhere.id));
    });

    it("may not ask a list for another event", async () => {
        const query = { event_id: stage.event.id };
        for (const path of ["/v1/reservations", "/v1/sales", "/v1/audit-log"])
            refused(await clients.other_manager.get(path, { query }), "event_out_of_scope");
    });

    it("sees other events as the public does", async () => {
        const manager = clients.other_manager;
        const shown = granted(await manager.get<TicketType>(`/v1/ticket-types/${stage.type.id}`));
        assert.deepEqual(Object.keys(shown.counts), ["available"]);
        const own = granted(
            await manager.get<TicketType>(
                `/v1/ticket-types/${(await world.type({}, elsewhere)).id}`,
            ),
        );
        assert.equal(own.counts.total, 100);
        const draft = await world.event({ published: false });
        refused(await manager.get(`/v1/events/${draft.id}`), "not_found");
        const listed = await allPages<Event>(manager, "/v1/events", { limit: 200 });
        assert.ok(listed.every((event) => event.published));
    });

    it("of a checkout reserves in its events only", async () => {
        const shop = await world.key("checkout", [stage.event.id]);
        granted(await shop.post("/v1/reservations", stage.item()), 201);
        const type = await world.type({}, elsewhere);
        const body = { ticket_type_id: type.id, quantity: 1 };
        refused(await shop.post("/v1/reservations", body), "event_out_of_scope");
    });
});

describe("an unpublished event", () => {
    it("is not there for the public, and there for staff", async () => {
        const draft = await world.event({ published: false });
        const type = await world.type({}, draft);
        const paths = [
            `/v1/events/${draft.id}`,
            `/v1/events/${draft.id}/ticket-types`,
            `/v1/ticket-types/${type.id}`,
            `/v1/ticket-types/${type.id}/availability`,
        ];
        for (const path of paths) {
            for (const who of ["nobody", "checkout", "manager", "other_manager"] as const)
                refused(await clients[who].get(path), "not_found");
            for (const who of ["admin", "box_office", "viewer"] as const)
                granted(await clients[who].get(path));
        }
    });
});

describe("a key", () => {
    it("that was revoked stops working at once", async () => {
        const key = granted(
            await world.admin.post("/v1/api-keys", { name: "Short", role: "viewer" }),
            201,
        );
        const client = world.nobody.as(key.key);
        granted(await client.get<Page<Reservation>>("/v1/reservations"));
        granted(await world.admin.post(`/v1/api-keys/${key.id}/revoke`));
        refused(await client.get("/v1/reservations"), "unauthenticated");
    });
});
