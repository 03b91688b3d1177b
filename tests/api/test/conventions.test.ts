// What holds for every request: bodies, headers, methods, paths, ids of requests, problems.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { type Ask, granted, invalid, refused } from "../support/client.ts";
import type { TicketType } from "../support/objects.ts";
import { World } from "../support/world.ts";

let world: World;
let type: TicketType;

before(async () => {
    world = await World.open();
    type = await world.type();
});
after(() => world.close());

const path = "/v1/reservations";
const post = (raw: string | Buffer, ask: Ask = {}) =>
    world.admin.request("POST", path, { ...ask, raw });
const good = () => JSON.stringify({ ticket_type_id: type.id, quantity: 1 });

describe("a body", () => {
    it("that is not JSON is refused", async () => {
        const broken = [
            "",
            "{",
            "}",
            "{]",
            "nul",
            "{'a':1}",
            "{a:1}",
            '{"a":1,}',
            "[1,]",
            '{"a":01}',
            '{"a":.5}',
            "NaN",
        ];
        for (const raw of [
            ...broken,
            `${good()}x`,
            `${good()}{}`,
            '{"a":"\u0001"}',
            '{"a":"\\x"}',
            '{"a":"\\ud800"}',
        ])
            refused(await post(raw), "malformed_json");
    });

    it("that is not UTF-8 is refused", async () => {
        const bytes = [
            [0xff, 0xfe],
            [0xc0, 0xaf],
            [0xed, 0xa0, 0x80],
            [0xf4, 0x90, 0x80, 0x80],
        ];
        for (const bad of bytes) {
            const raw = Buffer.concat([
                Buffer.from('{"order_id":"'),
                Buffer.from(bad),
                Buffer.from('"}'),
            ]);
            refused(await post(raw), "malformed_json");
        }
    });

    it("that is JSON but no object is refused", async () => {
        for (const raw of ["[]", "1", '"a"', "null", "true"])
            assert.ok([400, 422].includes((await post(raw)).status), raw);
    });

    it("with a member twice is refused", async () => {
        refused(
            await post(`{"quantity":1,"quantity":1,"ticket_type_id":"${type.id}"}`),
            "malformed_json",
        );
        const nested = `{"items":[{"ticket_type_id":"${type.id}","quantity":1,"quantity":2}]}`;
        refused(await world.admin.request("POST", "/v1/carts", { raw: nested }), "malformed_json");
    });

    it("deeper than 16 levels is refused", async () => {
        const deep = (levels: number) => `{"x":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
        refused(await post(deep(17)), "malformed_json");
        invalid(await post(deep(16)), "/x", "/quantity", "/ticket_type_id");
        refused(await post("[".repeat(60_000)), "malformed_json");
    });

    it("larger than 64 KiB is refused", async () => {
        const padded = (size: number) => good().padEnd(size, " ");
        refused(await post(padded(65_537)), "payload_too_large");
        granted(await post(padded(65_536)), 201);
    });

    it("that is chunked is read all the same, and as limited", async () => {
        const chunked = { "Transfer-Encoding": "chunked", "Content-Length": undefined };
        granted(await post(good(), { headers: chunked }), 201);
        refused(await post(good().padEnd(70_000, " "), { headers: chunked }), "payload_too_large");
    });

    it("of another type than JSON is refused", async () => {
        for (const type of [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/xml",
            "json",
        ])
            refused(
                await post(good(), { headers: { "Content-Type": type } }),
                "unsupported_media_type",
                { detail: "Bodies are JSON here. Send Content-Type: application/json." },
            );
        for (const type of [
            "application/json; charset=utf-8",
            "Application/JSON",
            "application/json;charset=UTF-8",
        ])
            granted(await post(good(), { headers: { "Content-Type": type } }), 201);
    });

    it("with an unknown member is refused, at its place", async () => {
        invalid(
            await world.admin.post(path, { ticket_type_id: type.id, quantity: 1, quantitty: 2 }),
            "/quantitty",
        );
        const pointer = { ticket_type_id: type.id, quantity: 1, "a/b~c": 1 };
        invalid(await world.admin.post(path, pointer), "/a~1b~0c");
    });

    it("has all that is wrong with it listed at once", async () => {
        const body = { ticket_type_id: "x", quantity: 0, expires_in_seconds: 7201, colour: "red" };
        const problem = invalid(
            await world.admin.post(path, body),
            "/ticket_type_id",
            "/quantity",
            "/expires_in_seconds",
            "/colour",
        );
        const codes = Object.fromEntries(
            problem.errors.map((error) => [error.pointer, error.code]),
        );
        assert.deepEqual(codes, {
            "/ticket_type_id": "format",
            "/quantity": "range",
            "/expires_in_seconds": "range",
            "/colour": "unknown",
        });
        const missing = invalid(await world.admin.post(path, {}), "/ticket_type_id", "/quantity");
        assert.deepEqual(
            missing.errors.map((error) => error.code),
            ["required", "required"],
        );
    });

    it("that a request does not need may be none, {} or nothing else", async () => {
        const release = async (raw?: string) => {
            const { id } = await world.reservation(type);
            return world.admin.request(
                "POST",
                `${path}/${id}/release`,
                raw === undefined ? {} : { raw },
            );
        };
        granted(await release());
        granted(await release("{}"));
        refused(await release("{"), "malformed_json");
        invalid(await release('{"why":"so"}'), "/why");
    });

    it("with large numbers is refused politely", async () => {
        for (const number of [
            "9223372036854775808",
            "-9223372036854775809",
            "1e400",
            "1e2",
            "1.0",
        ]) {
            const reply = await post(`{"ticket_type_id":"${type.id}","quantity":${number}}`);
            assert.ok([400, 422].includes(reply.status), `${number}: ${reply.text}`);
        }
    });

    it("keeps text as it is: any script, quotes, escapes", async () => {
        const order_id = 'ä 漢字 🎟 "quoted" \\ back / \u2028 </script> é';
        const { id } = await world.reservation(type);
        const sold = granted(await world.admin.post(`${path}/${id}/complete`, { order_id }));
        assert.equal(sold.order_id, order_id);
        assert.equal(granted(await world.admin.get(`${path}/${id}`)).order_id, order_id);
        const description = "line\nbreaks,\ttabs";
        assert.equal((await world.event({ description })).description, description);
    });

    it("refuses control characters in what is one line", async () => {
        const { id } = await world.reservation(type);
        for (const order_id of ["a\nb", "a\tb", "a\u007fb", "a\u0085b"])
            invalid(await world.admin.post(`${path}/${id}/complete`, { order_id }), "/order_id");
    });

    it("refuses NUL in texts", async () => {
        const { id } = await world.reservation(type);
        const reply = await world.admin.request("POST", `${path}/${id}/complete`, {
            raw: '{"order_id":"a\\u0000b"}',
        });
        assert.ok([400, 422].includes(reply.status), reply.text);
    });
});

describe("a request", () => {
    it("with unknown parameters is refused, on every kind of path", async () => {
        invalid(await world.admin.get("/healthz", { query: { verbose: 1 } }), "verbose");
        invalid(
            await world.admin.get(`/v1/ticket-types/${type.id}`, { query: { fields: "id" } }),
            "fields",
        );
        const body = { ticket_type_id: type.id, quantity: 1 };
        invalid(await world.admin.post(path, body, { query: { dry_run: "true" } }), "dry_run");
    });

    it("with broken percent-encoding is refused", async () => {
        for (const query of ["limit=%", "limit=%zz", "q=%ff"]) {
            const reply = await world.admin.get(`/v1/events?${query}`);
            assert.ok([400, 422].includes(reply.status), `${query}: ${reply.text}`);
        }
    });

    it("reads + and %20 in parameters as a space", async () => {
        const mark = randomUUID();
        const { id } = await world.event({ name: `two words ${mark}` });
        for (const q of [`two+words+${mark}`, `two%20words%20${mark}`]) {
            const { data } = granted(await world.admin.get(`/v1/events?q=${q}`));
            assert.deepEqual(
                data.map((event: { id: string }) => event.id),
                [id],
            );
        }
    });

    it("for a path that there is not is 404", async () => {
        for (const other of [
            "/v1",
            "/v1/",
            "/v1/event",
            "/v1/events/",
            "/v2/events",
            "//v1/events",
            "/v1/events/x/y",
        ])
            refused(await world.admin.get(other), "not_found", { instance: other });
    });

    it("for a method that a path has not is 405, and says which it has", async () => {
        const cases: [string, string, string][] = [
            ["DELETE", `/v1/events/${randomUUID()}`, "GET, HEAD, PATCH"],
            ["PUT", path, "GET, HEAD, POST"],
            ["GET", `/v1/ticket-types/${type.id}/increase`, "POST"],
            ["POST", "/healthz", "GET, HEAD"],
            ["PATCH", `/v1/carts/${randomUUID()}`, "GET, HEAD, PUT"],
        ];
        for (const [method, target, allow] of cases) {
            const reply = await world.admin.request(
                method,
                target,
                method === "GET" ? {} : { body: {} },
            );
            refused(reply, "method_not_allowed");
            assert.deepEqual(
                reply.headers["allow"]!.split(", ").sort(),
                allow.split(", ").sort(),
                target,
            );
        }
    });

    it("with HEAD is answered like GET without the body", async () => {
        const target = `/v1/ticket-types/${type.id}`;
        const get = await world.admin.get(target);
        const head = await world.admin.request("HEAD", target);
        assert.deepEqual([head.status, head.text], [200, ""]);
        for (const name of ["content-type", "etag", "content-length"])
            assert.equal(head.headers[name], get.headers[name], name);
        const missing = await world.admin.request("HEAD", `/v1/ticket-types/${randomUUID()}`);
        assert.deepEqual([missing.status, missing.text], [404, ""]);
    });

    it("keeps its Request-Id where that is well formed, and else gets one", async () => {
        const ask = async (id: string) =>
            (await world.admin.get("/healthz", { headers: { "Request-Id": id } })).headers[
                "request-id"
            ];
        for (const id of ["a", "A-Z_0.9", "x".repeat(64)]) assert.equal(await ask(id), id);
        for (const id of ["", "x".repeat(65), "with space", "semi;colon", 'q"uote'])
            assert.notEqual(await ask(id), id);
        const own = await Promise.all(
            [1, 2, 3].map(async () => (await world.admin.get("/healthz")).headers["request-id"]),
        );
        assert.equal(new Set(own).size, 3);
    });

    it("with headers that are too large is refused", async () => {
        const large = { "X-Large": "x".repeat(20_000) };
        refused(await world.admin.get("/healthz", { headers: large }), "headers_too_large");
        const many = Object.fromEntries([...Array(80).keys()].map((i) => [`X-${i}`, "1"]));
        refused(await world.admin.get("/healthz", { headers: many }), "headers_too_large");
    });

    it("with an address that is too long is refused", async () => {
        refused(await world.admin.get(`/v1/events?q=${"x".repeat(9_000)}`), "uri_too_long");
    });

    it("that expects something else than 100-continue is refused", async () => {
        refused(await post(good(), { headers: { Expect: "200-maybe" } }), "expectation_failed");
    });
});

describe("credentials", () => {
    it("that are missing, malformed, unknown or of another scheme are 401", async () => {
        const key = world.admin.key!;
        const flipped = key.slice(0, -1) + (key.endsWith("a") ? "b" : "a");
        const bad = [
            "",
            "Bearer",
            "Bearer ",
            "Bearer x",
            `Bearer ${flipped}`,
            `Bearer ${key}x`,
            `Bearer ${key.slice(0, 40)}`,
            `Bearer tkd_${"0".repeat(32)}_${"A".repeat(43)}`,
            `Basic ${Buffer.from(`a:${key}`).toString("base64")}`,
            key,
        ];
        refused(await world.nobody.get("/v1/reservations"), "unauthenticated");
        for (const Authorization of bad)
            refused(
                await world.nobody.get("/v1/reservations", { headers: { Authorization } }),
                "unauthenticated",
            );
    });

    it("that are wrong are 401 also where none are needed", async () => {
        const headers = { Authorization: "Bearer tkd_wrong" };
        refused(await world.nobody.get("/v1/events", { headers }), "unauthenticated");
    });

    it("may name their scheme in any case", async () => {
        const headers = { Authorization: `bearer ${world.admin.key}` };
        granted(await world.nobody.get("/v1/reservations", { headers }));
    });

    it("are not shown in any answer", async () => {
        const secret = world.admin.key!.split("_")[2]!;
        for (const target of ["/v1/api-keys", "/metrics", "/readyz"])
            assert.ok(!(await world.admin.get(target)).text.includes(secret));
    });
});
