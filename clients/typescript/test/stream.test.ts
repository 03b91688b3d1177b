// A stream whose line breaks, falls silent, or says what it said before.
import assert from "node:assert/strict";
import { test } from "node:test";

import { createClient, type LiveMessage } from "../src/index.ts";

const counts = (seq: number, available: number, as_of = "2026-11-22T10:00:00.000Z") =>
    `event: counts\nid: ${seq}\ndata: ${JSON.stringify({ ticket_type_id: "a", event_id: "e", available, seq, as_of })}\n\n`;
const entry = (seq: number) =>
    `event: audit\nid: ${seq}\ndata: ${JSON.stringify({ ticket_type_id: "a", seq })}\n\n`;
const snapshot = 'event: snapshot\nid: 0\ndata: {"as_of":"","types":[]}\n\n';
const bye = "retry: 1\nevent: bye\ndata: {}\n\n";

// Each connection says its text; one that does not end stays open and silent.
function lines(...texts: { text: string; ends: boolean; status?: number }[]) {
    const asked: string[] = [];
    const fetch = async (address: unknown, init?: RequestInit): Promise<Response> => {
        const { text, ends, status = 200 } = texts[asked.length] ?? { text: "", ends: true };
        asked.push(new URL(String(address)).searchParams.get("after") ?? "");
        const body = new ReadableStream({
            start(controller) {
                controller.enqueue(new TextEncoder().encode(text));
                if (ends) controller.close();
                init!.signal!.addEventListener("abort", () => {
                    if (!ends) controller.error(init!.signal!.reason);
                });
            },
        });
        return new Response(body, { status, headers: { "Content-Type": "text/event-stream" } });
    };
    const onUnauthenticated = async () => true;
    const options = { baseUrl: "http://ticketd", fetch: fetch as never, onUnauthenticated };
    return { asked, client: createClient(options) };
}

async function told(messages: AsyncGenerator<LiveMessage>, many: number): Promise<string[]> {
    const found: string[] = [];
    for await (const { type, data } of messages) {
        found.push(type === "counts" || type === "audit" ? `${type} ${data.seq}` : type);
        if (found.length === many) break;
    }
    return found;
}

test("what is told again after a line broke is not told twice", async () => {
    const { client, asked } = lines(
        { text: snapshot + counts(1, 9) + entry(1) + bye, ends: true },
        { text: counts(1, 9, "2026-11-22T10:00:01.000Z") + entry(1), ends: true },
        { text: counts(2, 8) + entry(1) + entry(2), ends: false },
    );
    const found = await told(client.stream({ eventIds: ["e"] }), 5);
    assert.deepEqual(found, ["snapshot", "counts 1", "audit 1", "counts 2", "audit 2"]);
    assert.deepEqual(asked, ["", "1", "1"]);
});

test("a silent line is left, and the next goes on where it was", async () => {
    const { client, asked } = lines(
        { text: `retry: 1\n\n${counts(1, 9)}`, ends: false },
        { text: counts(2, 8), ends: false },
    );
    const states: string[] = [];
    const onState = (state: string) => states.push(state);
    const found = await told(client.stream({ eventIds: ["e"], silenceMaxMs: 50, onState }), 2);
    assert.deepEqual(found, ["counts 1", "counts 2"]);
    assert.deepEqual(asked, ["", "1"]);
    assert.deepEqual(states, ["live", "reconnecting", "live"]);
});

test("a stream whose session has ended goes on where it was once somebody has signed in", async () => {
    const { client, asked } = lines(
        { text: `retry: 1\n\n${counts(1, 9)}`, ends: true },
        { text: "", ends: true, status: 401 },
        { text: counts(2, 8), ends: false },
    );
    const found = await told(client.stream({ eventIds: ["e"] }), 2);
    assert.deepEqual(found, ["counts 1", "counts 2"]);
    assert.deepEqual(asked, ["", "1", "1"]);
});

test("a stream that a server goes on refusing is not opened without a pause", async () => {
    const { client, asked } = lines(
        ...Array.from({ length: 500 }, () => ({ text: "", ends: true, status: 401 })),
    );
    const signal = AbortSignal.timeout(300);
    await assert.rejects(told(client.stream({ eventIds: ["e"], signal }), 1));
    assert.ok(asked.length < 50, `opened ${asked.length} times`);
});

test("a stream that was stopped before it began asks nothing", async () => {
    const { client, asked } = lines({ text: snapshot, ends: true });
    await assert.rejects(told(client.stream({ eventIds: ["e"], signal: AbortSignal.abort() }), 1));
    assert.deepEqual(asked, []);
});
