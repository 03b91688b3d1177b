// What was answered is still true after the server was stopped and started again.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { granted, refused } from "../support/client.ts";
import { ContractBreach } from "../support/contract.ts";
import type { Reservation } from "../support/objects.ts";
import { World } from "../support/world.ts";

let world: World;

before(async () => {
    world = await World.open();
});
after(() => world.close());

describe("after a stop and a start", () => {
    it("everything reads as before", async () => {
        const event = await world.event({
            description: "äöü",
            end_date: "2040-01-01T00:00:00.000Z",
        });
        const type = await world.type({ max_per_order: 7 }, event);
        const sale = await world.sale(type, 3, { tender: "cash" });
        const body = { quantity: 1, reason: "one is ill", disposition: "void" };
        granted(await world.admin.post(`/v1/reservations/${sale.id}/refunds`, body), 201);
        const cart = await world.soldCart([[type, 2]]);
        const paths = [
            `/v1/events/${event.id}`,
            `/v1/events/${event.id}/inventory`,
            `/v1/ticket-types/${type.id}`,
            `/v1/ticket-types/${type.id}/availability`,
            `/v1/reservations/${sale.id}`,
            `/v1/carts/${cart.id}`,
            `/v1/sales?event_id=${event.id}`,
            `/v1/audit-log?ticket_type_id=${type.id}`,
        ];
        const read = () =>
            Promise.all(paths.map(async (path) => (await world.admin.get(path)).text));
        const seen = await read();
        await world.daemon.restart();
        assert.deepEqual(await read(), seen);
    });

    it("a retry is still answered as it was", async () => {
        const type = await world.type();
        const headers = { "Idempotency-Key": randomUUID() };
        const body = { ticket_type_id: type.id, quantity: 2 };
        const ask = () => world.admin.post<Reservation>("/v1/reservations", body, { headers });
        const first = await ask();
        granted(first, 201);
        await world.daemon.restart();
        const second = await ask();
        assert.deepEqual(
            [second.text, second.headers["idempotency-replayed"]],
            [first.text, "true"],
        );
        const other = { ...body, quantity: 3 };
        const reply = await world.admin.post("/v1/reservations", other, { headers });
        refused(reply, "idempotency_key_reused");
        assert.equal((await world.counts(type)).reserved, 2);
    });

    it("a reservation still ends at its instant, and the log goes on without a gap", async () => {
        const type = await world.type();
        const short = await world.reservation(type, 2, { expires_in_seconds: 1 });
        await world.daemon.restart();
        await world.expiry(`/v1/reservations/${short.id}`);
        granted(await world.admin.post("/v1/reservations/release-expired"));
        await world.reservation(type, 1);
        const log = await world.log(type);
        assert.deepEqual(
            log.map((entry) => [entry.seq, entry.action]),
            [
                [1, "increase"],
                [2, "reserve"],
                [3, "release"],
                [4, "reserve"],
            ],
        );
        assert.equal(log[2]!.effective_at, short.expires_at);
    });

    it("a revoked key stays revoked, and the others work", async () => {
        const made = granted(
            await world.admin.post("/v1/api-keys", { name: "X", role: "viewer" }),
            201,
        );
        const kept = await world.key("viewer");
        granted(await world.admin.post(`/v1/api-keys/${made.id}/revoke`));
        await world.daemon.restart();
        refused(await world.nobody.as(made.key).get("/v1/reservations"), "unauthenticated");
        granted(await kept.get("/v1/reservations"));
    });

    it("requests that were under way are answered, and what was answered was done", async () => {
        const type = await world.type({ initial_inventory: 100_000 });
        let reserved = 0;
        let stopping = false;
        const buyer = async () => {
            while (!stopping) {
                try {
                    const body = { ticket_type_id: type.id, quantity: 1 };
                    const reply = await world.admin.post("/v1/reservations", body);
                    if (reply.status === 201) reserved++;
                    else return; // shutting_down
                } catch (error) {
                    if (error instanceof ContractBreach) throw error;
                    return; // the connection was closed before the request was read
                }
            }
        };
        const buyers = Array.from({ length: 8 }, buyer);
        while (reserved < 50) await new Promise((resolve) => setImmediate(resolve));
        await world.daemon.restart();
        stopping = true;
        await Promise.all(buyers);
        // Only a reply that was lost on the way may make the difference, and there is none on a clean stop.
        assert.equal((await world.counts(type)).reserved, reserved);
    });
});
