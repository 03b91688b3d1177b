// The client has a method for each operation of the contract, and calls it as the contract says.
import assert from "node:assert/strict";
import { test } from "node:test";

import { groups } from "../src/client.ts";
import { operations } from "../src/contract/operations.ts";
import { createClient, TicketdError, uuidv7 } from "../src/index.ts";
import { MessageReader } from "../src/sse.ts";

test("every operation of the contract has its method, and no method is of none", () => {
    const named = Object.values(groups).flatMap((methods) => Object.values(methods) as string[]);
    const streamed = ["stream_open"]; // client.stream()
    assert.deepEqual([...named, ...streamed].sort(), Object.keys(operations).sort());
    assert.equal(new Set(named).size, named.length);
});

interface Seen {
    url: string;
    method: string | undefined;
    headers: Headers;
    body: unknown;
}

// A server that answers as it is told, one answer for each request.
function told(...answers: (Response | Error)[]): { fetch: typeof fetch; seen: Seen[] } {
    const seen: Seen[] = [];
    return {
        seen,
        fetch: async (input, init) => {
            seen.push({
                url: String(input),
                method: init?.method,
                headers: new Headers(init?.headers),
                body: init?.body,
            });
            const answer = answers[seen.length - 1] ?? new Error("asked too often");
            if (answer instanceof Error) throw answer;
            return answer;
        },
    };
}

const json = (status: number, body: object, headers: Record<string, string> = {}) =>
    new Response(JSON.stringify(body), {
        status,
        headers: { "Content-Type": "application/json", ...headers },
    });
const refusal = (status: number, code: string, headers: Record<string, string> = {}) =>
    json(
        status,
        {
            code,
            detail: `It is ${code}.`,
            errors: [{ pointer: "/quantity", code: "range", detail: "At least 1." }],
        },
        headers,
    );
const quick = { firstPauseMs: 1, pauseMaxMs: 2 };

test("every try of a write carries the same key, and two writes carry two", async () => {
    const { fetch, seen } = told(
        new Error("cut"),
        refusal(503, "busy", { "Retry-After": "0" }),
        json(201, { id: "r" }),
        json(201, { id: "s" }),
    );
    const client = createClient({ baseUrl: "http://t", key: "tkd_x", fetch, retry: quick });
    await client.reservations.create({ ticket_type_id: "t", quantity: 2 });
    await client.reservations.create({ ticket_type_id: "t", quantity: 2 });
    const keys = seen.map((one) => one.headers.get("Idempotency-Key"));
    assert.match(keys[0]!, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual(keys.slice(1, 3), [keys[0], keys[0]]);
    assert.notEqual(keys[3], keys[0]);
    assert.equal(seen[0]!.headers.get("Authorization"), "Bearer tkd_x");
});

test("a refusal is a typed error at once, with what is wrong at which field", async () => {
    const { fetch, seen } = told(refusal(422, "validation_failed"));
    const client = createClient({ baseUrl: "http://t", fetch, retry: quick });
    await assert.rejects(
        client.reservations.create({ ticket_type_id: "t", quantity: 0 }),
        (error) => {
            assert.ok(error instanceof TicketdError);
            assert.equal(error.code, "validation_failed");
            assert.equal(error.fieldError("/quantity")?.detail, "At least 1.");
            return true;
        },
    );
    assert.equal(seen.length, 1);
});

test("a retry waits as long as the server asked for", async () => {
    const { fetch } = told(
        refusal(429, "rate_limited", { "Retry-After": "1" }),
        json(200, { id: "e" }),
    );
    const client = createClient({ baseUrl: "http://t", fetch, retry: quick });
    const since = Date.now();
    await client.events.get("e");
    assert.ok(Date.now() - since >= 1000);
});

test("what shows a secret is never tried twice", async () => {
    const { fetch, seen } = told(new Error("cut"), json(201, {}));
    const client = createClient({ baseUrl: "http://t", fetch, retry: quick });
    await assert.rejects(client.session.create({ email: "a@b.test", password: "x" }));
    assert.equal(seen.length, 1);
    assert.equal(seen[0]!.headers.get("Idempotency-Key"), null);
});

test("what was refused for want of a session goes on under its key once somebody has signed in", async () => {
    const { fetch, seen } = told(
        new Error("cut"),
        refusal(401, "unauthenticated"),
        json(201, { id: "r" }),
    );
    let signIns = 0;
    const onUnauthenticated = async () => ++signIns === 1;
    const retry = { ...quick, attempts: 2 };
    const client = createClient({ baseUrl: "http://t", fetch, retry, onUnauthenticated });
    await client.reservations.create({ ticket_type_id: "t", quantity: 2 });
    const keys = seen.map((one) => one.headers.get("Idempotency-Key"));
    assert.equal(signIns, 1);
    assert.deepEqual(keys, [keys[0], keys[0], keys[0]]);
});

test("a 401 stands where nobody signs in again, and where it answers a sign-in", async () => {
    const { fetch, seen } = told(refusal(401, "unauthenticated"), refusal(401, "unauthenticated"));
    let asked = 0;
    const onUnauthenticated = async () => (asked++, false);
    const client = createClient({ baseUrl: "http://t", fetch, retry: quick, onUnauthenticated });
    const is401 = (error: unknown) => error instanceof TicketdError && error.status === 401;
    await assert.rejects(client.me.get(), is401);
    await assert.rejects(client.session.create({ email: "a@b.test", password: "x" }), is401);
    assert.equal(asked, 1);
    assert.equal(seen.length, 2);
});

test("a server that goes on refusing whoever signs in is not asked without a pause", async () => {
    const { fetch, seen } = told(
        ...Array.from({ length: 500 }, () => refusal(401, "unauthenticated")),
    );
    const onUnauthenticated = async () => true;
    const client = createClient({ baseUrl: "http://t", fetch, onUnauthenticated });
    await assert.rejects(client.me.get({ signal: AbortSignal.timeout(300) }));
    assert.ok(seen.length < 50, `asked ${seen.length} times`);
});

test("an operation says its address, for a link", () => {
    const client = createClient({ baseUrl: "http://t/" });
    assert.equal(
        client.auditLog.list.url({ q: "a b", format: "csv" }),
        "http://t/v1/audit-log?q=a+b&format=csv",
    );
    assert.equal(client.events.inventory.url("a/b"), "http://t/v1/events/a%2Fb/inventory");
});

test("a change of settings names the version it is of", async () => {
    const { fetch, seen } = told(json(200, {}, { ETag: '"8"' }));
    const client = createClient({ baseUrl: "http://t", fetch });
    const { etag } = await client.events.update.answer("e", { name: "New" }, { ifMatch: 7 });
    assert.equal(seen[0]!.headers.get("If-Match"), '"7"');
    assert.equal(etag, '"8"');
});

test("a list is walked to its end", async () => {
    const { fetch, seen } = told(
        json(200, { data: [{ id: "1" }, { id: "2" }], next_cursor: "c" }),
        json(200, { data: [{ id: "3" }], next_cursor: null }),
    );
    const client = createClient({ baseUrl: "http://t", fetch });
    const ids: string[] = [];
    for await (const sale of client.sales.list.all({ limit: 2 })) ids.push(sale.id);
    assert.deepEqual(ids, ["1", "2", "3"]);
    assert.equal(seen[1]!.url, "http://t/v1/sales?limit=2&cursor=c");
});

test("keys sort by the time they were made at", () => {
    assert.ok(uuidv7(1_000) < uuidv7(2_000));
    assert.notEqual(uuidv7(1_000), uuidv7(1_000));
});

test("events are read whole, however the bytes are cut", () => {
    const text =
        'retry: 1500\n\n: ping\n\nid: a1\nevent: counts\ndata: {"available":\ndata: 7}\n\n';
    for (let size = 1; size <= text.length; size++) {
        const reader = new MessageReader();
        const found = [];
        for (let at = 0; at < text.length; at += size)
            found.push(...reader.read(text.slice(at, at + size)));
        assert.deepEqual(found, [
            { type: undefined, id: undefined, retryMs: 1500, data: undefined },
            { type: "counts", id: "a1", retryMs: undefined, data: { available: 7 } },
        ]);
    }
});
