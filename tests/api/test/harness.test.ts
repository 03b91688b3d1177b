// The harness itself: a reply that the contract does not describe must fail a test.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import http from "node:http";
import { after, before, describe, it } from "node:test";
import { Client, granted, invalid, refused } from "../support/client.ts";
import { Contract, ContractBreach } from "../support/contract.ts";

interface Fake {
    status: number;
    headers: Record<string, string>;
    body: unknown;
}

const contract = Contract.load();
let answer: Fake;
const server = http.createServer((_, reply) => {
    const text = answer.body === undefined ? "" : JSON.stringify(answer.body);
    reply.writeHead(answer.status, answer.headers).end(text);
});
let client: Client;

before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    client = new Client(
        { host: "127.0.0.1", port: (server.address() as { port: number }).port },
        contract,
        "a-key",
    );
});

after(() => {
    client.close();
    server.close();
});

const json = { "Content-Type": "application/json", "Request-Id": "r-1" };
const id = randomUUID();

function fake(body: unknown, headers: Record<string, string> = json, status = 200): void {
    answer = { status, headers, body };
}

function availability(more: object = {}): object {
    return {
        ticket_type_id: id,
        initial: 10,
        total: 10,
        sold: 1,
        reserved: 2,
        available: 7,
        ...more,
    };
}

function problem(more: object = {}): object {
    return {
        type: "/problems/not_found",
        title: "Not found",
        status: 404,
        detail: "There is no such ticket type.",
        instance: `/v1/ticket-types/${id}/availability`,
        code: "not_found",
        request_id: "r-1",
        ...more,
    };
}

const problemJson = { "Content-Type": "application/problem+json", "Request-Id": "r-1" };
const path = `/v1/ticket-types/${id}/availability`;

async function breached(what: RegExp, ask = () => client.get(path)): Promise<void> {
    await assert.rejects(
        ask,
        (error) => error instanceof ContractBreach && what.test(error.message),
    );
}

describe("a reply that the contract describes", () => {
    it("passes with all counts", async () => {
        fake(availability(), { ...json, ETag: '"1"' });
        assert.equal(granted(await client.get(path)).available, 7);
    });

    it("passes as a problem, and its facts can be asked for", async () => {
        fake(problem(), problemJson, 404);
        refused(await client.get(path), "not_found", { status: 404 });
    });
});

describe("a reply that the contract does not describe", () => {
    const tagged = { ...json, ETag: '"1"' };

    it("fails for an unknown member", async () => {
        fake(availability({ free: 7 }), tagged);
        await breached(/additional properties/);
    });

    it("fails for a missing member", async () => {
        fake({ ticket_type_id: id }, tagged);
        await breached(/required property 'available'/);
    });

    it("fails for a member of another type", async () => {
        fake(availability({ available: "7" }), tagged);
        await breached(/must be integer/);
    });

    it("fails when only some of the counts are there", async () => {
        fake({ ticket_type_id: id, total: 10, available: 7 }, tagged);
        await breached(/must have properties/);
    });

    it("fails for a missing header", async () => {
        fake(availability());
        await breached(/header ETag is missing/);
    });

    it("fails for a malformed header", async () => {
        fake(availability(), { ...json, ETag: "1" });
        await breached(/header ETag/);
    });

    it("fails for a status that is not listed", async () => {
        fake(availability(), tagged, 202);
        await breached(/does not list this status/);
    });

    it("fails for another media type", async () => {
        fake(availability(), { ...tagged, "Content-Type": "text/html" });
        await breached(/media type 'text\/html'/);
    });

    it("fails for an error that is not a problem document", async () => {
        fake({ error: "no" }, json, 404);
        await breached(/media type 'application\/json'/);
    });

    it("fails for a success on a path that the contract does not have", async () => {
        fake({}, json);
        await breached(/does not list this status/, () => client.get("/v1/everything"));
    });

    it("fails for a body of HEAD", async () => {
        assert.throws(() =>
            contract.check({
                method: "HEAD",
                path,
                query: [],
                sent: undefined,
                status: 200,
                headers: { "content-type": "application/json", "request-id": "r-1", etag: '"1"' },
                text: JSON.stringify(availability()),
            }),
        );
    });
});

describe("a problem that does not hold together", () => {
    it("fails for a code of another status", async () => {
        fake(problem({ code: "archived", type: "/problems/archived" }), problemJson, 404);
        await breached(/archived belongs to status 409/);
    });

    it("fails for a code that the operation does not list", async () => {
        fake(
            problem({
                code: "archived",
                type: "/problems/archived",
                title: "Archived",
                status: 409,
            }),
            problemJson,
            409,
        );
        await breached(/does not list archived here/);
    });

    it("fails for a type that does not name its code", async () => {
        fake(problem({ type: "/problems/archived" }), problemJson, 404);
        await breached(/type does not name its code/);
    });

    it("fails for another title than the code's", async () => {
        fake(problem({ title: "Gone" }), problemJson, 404);
        await breached(/title of not_found/);
    });

    it("fails for another request id than the header's", async () => {
        fake(problem({ request_id: "r-2" }), problemJson, 404);
        await breached(/request_id differs/);
    });

    it("fails as 503 without Retry-After", async () => {
        fake(
            problem({ code: "busy", type: "/problems/busy", title: "Busy", status: 503 }),
            problemJson,
            503,
        );
        await breached(/retry-after is missing/);
    });
});

describe("a granted request that the contract forbids", () => {
    const adjusted = { ...availability(), entry_id: id, seq: 1 };
    const increase = `/v1/ticket-types/${id}/increase`;

    it("fails for an unknown member", async () => {
        fake(adjusted);
        const ask = () => client.post(increase, { quantity: 1, reason: "more", by: "me" });
        await breached(/request that the contract forbids/, ask);
    });

    it("fails for an unknown parameter", async () => {
        fake({ data: [], next_cursor: null });
        await breached(/unknown parameter page/, () =>
            client.get("/v1/events", { query: { page: 2 } }),
        );
    });

    it("fails without its body", async () => {
        fake(adjusted);
        await breached(/without its body/, () => client.post(increase));
    });
});

describe("what a test expects", () => {
    it("fails when a refusal was granted, a grant refused, or a fact is another", async () => {
        fake(availability(), { ...json, ETag: '"1"' });
        const granting = await client.get(path);
        assert.throws(() => refused(granting, "not_found"));
        fake(problem(), problemJson, 404);
        const refusing = await client.get(path);
        assert.throws(() => granted(refusing));
        assert.throws(() => refused(refusing, "archived"));
        assert.throws(() => refused(refusing, "not_found", { requested: 4 }));
        assert.throws(() => invalid(refusing, "/quantity"));
    });
});
