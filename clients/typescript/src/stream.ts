// Live counts: GET /v1/stream as an async iterator that comes back by itself, from where it was.
import type { components } from "./contract/types.ts";
import { isUnauthenticated, problemOf, TicketdError } from "./problem.ts";
import { MessageReader } from "./sse.ts";
import { sleep, type Transport } from "./transport.ts";

type Told = Required<components["schemas"]["StreamEvents"]>;
type Said<Type extends keyof Told> = { type: Type; data: Told[Type] };

/** The public sees `available` alone. */
export type LiveCounts = Told["counts"];

export type LiveMessage =
    /** All there is, at the beginning and after a reset. */
    | Said<"snapshot">
    /** The whole state of one ticket type: a repeat is harmless. */
    | Said<"counts">
    /** An entry of the audit log; with `include: "audit"`. */
    | Said<"audit">
    /** What came between is not known: a snapshot follows. */
    | Said<"reset">;

export interface StreamOptions {
    eventIds?: string[];
    ticketTypeIds?: string[];
    include?: "audit";
    signal?: AbortSignal;
    /** Told whenever the stream is lost or back. */
    onState?: (state: "live" | "reconnecting") => void;
    /** Silence after which a stream is taken for dead; the server says something every 15 s. 40 s. */
    silenceMaxMs?: number;
}

const PAUSE_FIRST_MS = 1000;
const PAUSE_MAX_MS = 30_000;

/** Refusals that another try does not change are thrown; all else is waited out. */
const FINAL = new Set([400, 401, 403, 404, 410, 422]);

export async function* stream(
    transport: Transport,
    options: StreamOptions,
): AsyncGenerator<LiveMessage> {
    const seen = new Seen();
    let after: string | undefined;
    let pause = PAUSE_FIRST_MS;
    let isRenewed = false;
    options.signal?.throwIfAborted();
    for (;;) {
        let retryMs: number | undefined;
        try {
            for await (const message of connection(transport, options, after)) {
                if (message.id !== undefined) after = message.id;
                if (message.retryMs !== undefined) retryMs = message.retryMs;
                if (message.type === "bye") break;
                if (message.type === undefined) continue;
                pause = PAUSE_FIRST_MS;
                isRenewed = false;
                if (message.type === "reset") after = undefined;
                const told = { type: message.type, data: message.data } as LiveMessage;
                if (seen.isNew(told)) yield told;
            }
        } catch (error) {
            if (options.signal?.aborted) throw error;
            if (isUnauthenticated(error) && (await transport.authenticatedAgain())) {
                if (!isRenewed) retryMs = 0;
                isRenewed = true;
            } else if (error instanceof TicketdError) {
                if (FINAL.has(error.status)) throw error;
                if (error.retryAfter !== undefined) retryMs = error.retryAfter * 1000;
            }
        }
        options.signal?.throwIfAborted();
        options.onState?.("reconnecting");
        await sleep(retryMs ?? pause * (0.5 + Math.random()), options.signal);
        pause = Math.min(pause * 2, PAUSE_MAX_MS);
    }
}

// What was told before a line broke may be told again after it; here it stops.
class Seen {
    readonly #counts = new Map<string, string>();
    readonly #lastSeq = new Map<string, number>();

    isNew(message: LiveMessage): boolean {
        switch (message.type) {
            case "counts": {
                const { as_of: _, ...state } = message.data;
                const text = JSON.stringify(state);
                if (this.#counts.get(state.ticket_type_id) === text) return false;
                this.#counts.set(state.ticket_type_id, text);
                return true;
            }
            case "audit": {
                const { ticket_type_id, seq } = message.data;
                if (seq <= (this.#lastSeq.get(ticket_type_id) ?? 0)) return false;
                this.#lastSeq.set(ticket_type_id, seq);
                return true;
            }
            default:
                this.#counts.clear();
                return true;
        }
    }
}

interface Received {
    type: string | undefined;
    id: string | undefined;
    retryMs: number | undefined;
    data: unknown;
}

async function* connection(
    transport: Transport,
    options: StreamOptions,
    after: string | undefined,
): AsyncGenerator<Received> {
    const controller = new AbortController();
    const abort = () => controller.abort(options.signal?.reason);
    options.signal?.addEventListener("abort", abort);
    const silenceMs = options.silenceMaxMs ?? 40_000;
    const silent = () => controller.abort(new Error("the stream went silent"));
    let timer = setTimeout(silent, silenceMs);
    try {
        const url = transport.url("/v1/stream", {
            event_id: options.eventIds?.join(","),
            ticket_type_id: options.ticketTypeIds?.join(","),
            include: options.include,
            after,
        });
        const headers = await transport.headers({ Accept: "text/event-stream" });
        const response = await transport.fetch(url, { headers, signal: controller.signal });
        if (!response.ok || response.body === null) throw await problemOf(response);
        options.onState?.("live");
        const reader = new MessageReader();
        const decoder = new TextDecoder();
        const bytes = response.body.getReader();
        for (;;) {
            const { done, value } = await bytes.read();
            if (done) return;
            clearTimeout(timer);
            timer = setTimeout(silent, silenceMs);
            for (const message of reader.read(decoder.decode(value, { stream: true })))
                yield message;
        }
    } finally {
        clearTimeout(timer);
        options.signal?.removeEventListener("abort", abort);
        controller.abort();
    }
}
