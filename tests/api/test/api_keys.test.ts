import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { granted, invalid, refused } from "../support/client.ts";
import type { ApiKey } from "../support/objects.ts";
import { createKey } from "../support/daemon.ts";
import { allPages, inDays, World } from "../support/world.ts";

let world: World;

before(async () => {
    world = await World.open();
});
after(() => world.close());

const make = (body: object) => world.admin.post<ApiKey>("/v1/api-keys", body);
const all = () => allPages<ApiKey>(world.admin, "/v1/api-keys", {});

describe("making a key", () => {
    it("shows its secret once", async () => {
        const { key, ...made } = granted(await make({ name: "Web shop", role: "checkout" }), 201);
        assert.ok(key.startsWith(`tkd_${made.id.replaceAll("-", "")}_`));
        const none = { event_ids: null, expires_at: null, last_used_at: null, revoked_at: null };
        assert.deepEqual({ ...made, ...none }, made);
        const listed = (await all()).find((one) => one.id === made.id);
        assert.deepEqual(listed, made);
    });

    it("keeps its events and its end", async () => {
        const event_ids = [(await world.event()).id, (await world.event()).id].sort();
        const expires_at = inDays(1);
        const made = granted(
            await make({ name: "Door", role: "box_office", event_ids, expires_at }),
            201,
        );
        assert.deepEqual([[...made.event_ids!].sort(), made.expires_at], [event_ids, expires_at]);
    });

    it("refuses roles that there are not, no events, the same event twice, and an end in the past", async () => {
        invalid(await make({ name: "X", role: "customer" }), "/role");
        invalid(await make({ name: "X", role: "viewer", event_ids: [] }), "/event_ids");
        const { id } = await world.event();
        const twice = refused(
            await make({ name: "X", role: "viewer", event_ids: [id, id] }),
            "validation_failed",
        );
        assert.match(twice.errors[0]!.pointer, /^\/event_ids/);
        invalid(await make({ name: "X", role: "viewer", event_ids: ["x"] }), "/event_ids/0");
        const many = Array.from({ length: 101 }, () => randomUUID());
        invalid(await make({ name: "X", role: "viewer", event_ids: many }), "/event_ids");
        invalid(await make({ name: "X", role: "viewer", expires_at: inDays(-1) }), "/expires_at");
        invalid(await make({ name: "", role: "viewer" }), "/name");
        invalid(await make({}), "/name", "/role");
    });

    it("also works beside the running server, from the command line", async () => {
        const client = world.nobody.as(
            await createKey(world.daemon.database(), "by hand", "viewer"),
        );
        // A server that shares its database reads the keys of others once a second.
        const deadline = Date.now() + 10_000;
        let answer = await client.get("/v1/reservations");
        while (answer.status === 401 && Date.now() < deadline) {
            await sleep(50);
            answer = await client.get("/v1/reservations");
        }
        granted(answer);
        assert.ok((await all()).some((one) => one.name === "by hand"));
    });
});

describe("a key", () => {
    it("says token_expired once its time is over", async () => {
        const expires_at = new Date(Date.now() + 1_200).toISOString();
        const made = granted(await make({ name: "Short", role: "viewer", expires_at }), 201);
        const client = world.nobody.as(made.key);
        granted(await client.get("/v1/reservations"));
        const limit = Date.now() + 10_000;
        while ((await client.get("/v1/reservations")).status === 200) {
            assert.ok(Date.now() < limit, "it does not expire");
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        refused(await client.get("/v1/reservations"), "token_expired");
        assert.ok(Date.now() >= Date.parse(expires_at));
    });

    it("says when it was last used", async () => {
        const made = granted(await make({ name: "Used", role: "viewer" }), 201);
        granted(await world.nobody.as(made.key).get("/v1/reservations"));
        const limit = Date.now() + 10_000;
        for (;;) {
            const used = (await all()).find((one) => one.id === made.id)!.last_used_at;
            if (used !== null) break;
            assert.ok(Date.now() < limit, "it was never used");
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    });

    it("is revoked once and for all", async () => {
        const made = granted(await make({ name: "Lost", role: "admin" }), 201);
        const revoked = granted(await world.admin.post<ApiKey>(`/v1/api-keys/${made.id}/revoke`));
        assert.notEqual(revoked.revoked_at, null);
        refused(await world.nobody.as(made.key).get("/v1/events"), "unauthenticated");
        const again = granted(await world.admin.post<ApiKey>(`/v1/api-keys/${made.id}/revoke`));
        assert.equal(again.revoked_at, revoked.revoked_at);
        refused(await world.admin.post(`/v1/api-keys/${randomUUID()}/revoke`), "not_found");
    });

    it("is listed newest first", async () => {
        const [a, b] = [
            granted(await make({ name: "a", role: "viewer" }), 201),
            granted(await make({ name: "b", role: "viewer" }), 201),
        ];
        assert.deepEqual(
            (await all()).slice(0, 2).map((one) => one.id),
            [b.id, a.id],
        );
    });
});
