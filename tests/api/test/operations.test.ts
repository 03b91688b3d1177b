// For whoever runs the server: health, metrics, the contract, the pages of problems.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Client, granted, refused } from "../support/client.ts";
import { Contract } from "../support/contract.ts";
import { World } from "../support/world.ts";

let world: World;

before(async () => {
    world = await World.open();
});
after(() => world.close());

describe("operations", () => {
    it("say that the server is alive and ready", async () => {
        assert.deepEqual(granted(await world.nobody.get("/healthz")), { status: "ok" });
        const { status, checks } = granted(await world.nobody.get("/readyz"));
        assert.equal(status, "ready");
        const names = checks
            .map((check: { name: string; ok: boolean }) => (assert.ok(check.ok), check.name))
            .sort();
        assert.deepEqual(names, ["schema_version", "store_write"]);
    });

    it("serve the very contract that the build made", async () => {
        assert.deepEqual(
            granted(await world.nobody.get("/openapi.json")),
            Contract.load().document,
        );
    });

    it("show an administrator what the server was told, and where", async () => {
        const { version, settings } = granted(await world.admin.get("/v1/settings"));
        assert.match(version, /^\d+\.\d+\.\d+$/);
        const setting = (name: string) =>
            settings.find((one: { name: string }) => one.name === name) ?? {};
        assert.deepEqual(
            [setting("listen").value, setting("listen").source],
            ["127.0.0.1:0", "command_line"],
        );
        assert.deepEqual([setting("lanes").value, setting("lanes").source], [null, "default"]);
        assert.deepEqual(
            [setting("currency").value, setting("currency").source],
            ["EUR", "default"],
        );
        // As the log shows it: without a password.
        const logged = world.daemon.log.find((line) => line.includes("event=listening"))!;
        assert.ok(logged.includes(` database=${setting("database").value} `), logged);
        const viewer = await world.key("viewer");
        refused(await viewer.get("/v1/settings"), "role_required");
        refused(await world.nobody.get("/v1/settings"), "unauthenticated");
    });

    it("count requests by route and status, and refusals by code", async () => {
        const type = await world.type({ initial_inventory: 1 });
        refused(
            await world.admin.post("/v1/reservations", { ticket_type_id: type.id, quantity: 2 }),
            "insufficient_inventory",
        );
        await world.reservation(type, 1);
        const { text } = await world.nobody.get("/metrics");
        const lines = text.split("\n");
        for (const line of lines)
            assert.match(
                line,
                /^(# (HELP|TYPE) \S+ .*|[a-z_]+(\{[^{}]*\})? [-+0-9.e]+|[a-z_]+(\{[^{}]*\})? (NaN|\+Inf)|)$/,
                line,
            );
        const sample = (...parts: string[]) =>
            lines.find(
                (line) => !line.startsWith("#") && parts.every((part) => line.includes(part)),
            );
        assert.ok(sample("requests_total", "reservation_create", "201"), text);
        assert.ok(sample("refusals_total", "insufficient_inventory"), text);
        assert.ok(sample("build_info"), text);
        for (const type of ["counter", "gauge", "histogram"])
            assert.ok(
                lines.some((line) => line.startsWith("# TYPE ") && line.endsWith(` ${type}`)),
                type,
            );
    });

    it("show how many were sold to those alone who may read the counts of all events", async () => {
        const event = await world.event();
        const shows = async (client: Client) => {
            const page = await client.get("/metrics");
            assert.equal(page.status, 200);
            assert.match(page.text, /^ticketd_build_info/m);
            return /ticketd_tickets/.test(page.text);
        };
        for (const role of ["viewer", "box_office", "event_manager", "admin"] as const)
            assert.ok(await shows(await world.key(role)), role);
        assert.equal(await shows(world.nobody), false);
        assert.equal(await shows(await world.key("checkout")), false);
        assert.equal(await shows(await world.key("viewer", [event.id])), false);
        const headers = { Authorization: "Bearer tkd_wrong" };
        refused(await world.nobody.get("/metrics", { headers }), "unauthenticated");
    });

    it("name every metric of ticketd or its process once, with help and type", async () => {
        const { text } = await world.admin.get("/metrics");
        const named = (word: string) =>
            [...text.matchAll(new RegExp(`^# ${word} (\\S+)`, "gm"))].map((match) => match[1]!);
        const [help, type] = [named("HELP"), named("TYPE")];
        assert.deepEqual([...new Set(type)], type);
        assert.deepEqual([...help].sort(), [...type].sort());
        for (const name of type) assert.match(name, /^(ticketd|process)_/);
    });

    it("explain every problem code to people", async () => {
        const codes: Record<string, { title: string }> =
            Contract.load().document["x-problem-codes"];
        for (const [code, { title }] of Object.entries(codes)) {
            const page = await world.nobody.get(`/problems/${code}`);
            assert.equal(page.status, 200, code);
            assert.ok(page.text.includes(code) && page.text.includes(title), code);
        }
        refused(await world.nobody.get("/problems/no_such_code"), "not_found");
        refused(await world.nobody.get("/problems/%3Cscript%3E"), "not_found");
    });
});
