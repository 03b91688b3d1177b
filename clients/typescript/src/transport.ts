// One request, tried until there is an answer, without a second effect.
//
// A write carries one Idempotency-Key on all its tries: ticketd answers a repeated one with what it answered
// first. Writes whose answers are secrets (signing in, making a key) take none and are tried once.
import { answerBehind } from "./lost_patch.ts";
import { isUnauthenticated, problemOf, TicketdError, TicketdUnreachable } from "./problem.ts";
import { uuidv7 } from "./uuid.ts";

export interface RetryOptions {
    /** Tries in all; 5. 1: none is repeated. */
    attempts?: number;
    /** The longest first pause; each further one is twice as long. 200 ms. */
    firstPauseMs?: number;
    /** The longest pause. 10 s. */
    pauseMaxMs?: number;
    /** One try is given up after so long. 10 s. */
    attemptMs?: number;
    /** All tries with their pauses end after so long. 60 s. */
    totalMs?: number;
}

export interface TransportOptions {
    /** "https://tickets.example"; in a browser, by default the page's own. */
    baseUrl?: string;
    /** An API key, `tkd_…`, or a function that finds it; in a browser with a session, none. */
    key?: string | (() => string | Promise<string>);
    /** Called when the key or session is not accepted (401). Once it resolves to true, because somebody has
     * signed in again, say, what was asked is asked again, a write under its key; else the refusal stands. */
    onUnauthenticated?: () => Promise<boolean>;
    /** Instead of the platform's. */
    fetch?: typeof fetch;
    retry?: RetryOptions;
}

export interface CallOptions {
    signal?: AbortSignal;
    /** Of a write: instead of a fresh one. Keep it and repeat the call to learn what became of it. */
    idempotencyKey?: string;
    /** The person on whose behalf this is done; becomes `user_id` in the audit log. */
    actingUser?: string;
    retry?: RetryOptions;
}

export interface Asked {
    method: string;
    path: string;
    query?: Record<string, unknown> | undefined;
    body?: unknown;
    takesKey: boolean;
    needsCredentials: boolean;
    ifMatch?: string | undefined;
    ifNoneMatch?: string | undefined;
    accept?: string;
}

export interface Answered<T> {
    data: T;
    status: number;
    /** The version of what was answered; of settings. */
    etag: string | undefined;
    /** This is the stored answer of an earlier try. */
    replayed: boolean;
    requestId: string | undefined;
}

const RETRIED = new Set([408, 425, 429, 502, 503, 504]);

export class Transport {
    readonly #options: TransportOptions;

    constructor(options: TransportOptions) {
        this.#options = options;
    }

    url(path: string, query: Record<string, unknown> = {}): string {
        const parameters = new URLSearchParams();
        for (const [name, value] of Object.entries(query)) {
            if (value === undefined || value === null || value === "") continue;
            parameters.set(name, value instanceof Date ? value.toISOString() : String(value));
        }
        const text = parameters.toString();
        const base = this.#options.baseUrl ?? "";
        return base.replace(/\/$/, "") + path + (text === "" ? "" : `?${text}`);
    }

    async headers(more: Record<string, string | undefined>): Promise<Headers> {
        const headers = new Headers();
        const { key } = this.#options;
        if (key !== undefined)
            headers.set("Authorization", `Bearer ${typeof key === "string" ? key : await key()}`);
        for (const [name, value] of Object.entries(more))
            if (value !== undefined) headers.set(name, value);
        return headers;
    }

    fetch(url: string, init: RequestInit): Promise<Response> {
        return (this.#options.fetch ?? fetch)(url, { credentials: "same-origin", ...init });
    }

    /** Whether, after a 401, it is worth asking again. */
    async authenticatedAgain(): Promise<boolean> {
        return (await this.#options.onUnauthenticated?.()) ?? false;
    }

    async send<T>(asked: Asked, options: CallOptions = {}): Promise<Answered<T>> {
        const key = asked.takesKey ? (options.idempotencyKey ?? uuidv7()) : undefined;
        const retry = { ...this.#options.retry, ...options.retry };
        for (let renewals = 0; ; renewals++)
            try {
                return await this.#untilAnswered<T>(asked, key, options, retry);
            } catch (error) {
                if (!asked.needsCredentials || !isUnauthenticated(error)) throw error;
                if (!(await this.authenticatedAgain())) throw error;
                // A key that was found anew may be refused again, and so on without an end.
                if (renewals > 0) await sleep(pauseMs(renewals, retry, 0), options.signal);
            }
    }

    async #untilAnswered<T>(
        asked: Asked,
        key: string | undefined,
        options: CallOptions,
        retry: RetryOptions,
    ): Promise<Answered<T>> {
        // Other methods than POST leave the same state when repeated, a PATCH by its version.
        const isRepeatable = asked.takesKey || asked.method !== "POST";
        const attempts = isRepeatable ? (retry.attempts ?? 5) : 1;
        const until = Date.now() + (retry.totalMs ?? 60_000);
        for (let attempt = 1; ; attempt++) {
            let failed: unknown;
            let retryAfter: number | undefined;
            try {
                const limitMs = Math.min(retry.attemptMs ?? 10_000, until - Date.now());
                return await this.#try<T>(asked, key, options, limitMs);
            } catch (error) {
                if (options.signal?.aborted) throw error;
                const known = attempt > 1 ? answerBehind<T>(asked, error) : undefined;
                if (known !== undefined) return known;
                if (error instanceof TicketdError && !RETRIED.has(error.status)) throw error;
                failed = error;
                if (error instanceof TicketdError) retryAfter = error.retryAfter;
            }
            const pause = pauseMs(attempt, retry, retryAfter);
            if (attempt >= attempts || Date.now() + pause > until)
                throw failed instanceof TicketdError ? failed : new TicketdUnreachable(key, failed);
            await sleep(pause, options.signal);
        }
    }

    async #try<T>(
        asked: Asked,
        key: string | undefined,
        options: CallOptions,
        limitMs: number,
    ): Promise<Answered<T>> {
        const controller = new AbortController();
        const abort = () => controller.abort(options.signal?.reason);
        if (options.signal?.aborted) abort();
        options.signal?.addEventListener("abort", abort);
        const timer = setTimeout(() => controller.abort(new Error("no answer in time")), limitMs);
        try {
            const response = await this.fetch(this.url(asked.path, asked.query), {
                method: asked.method,
                headers: await this.headers({
                    Accept: asked.accept ?? "application/json",
                    "Content-Type": asked.body === undefined ? undefined : "application/json",
                    "Idempotency-Key": key,
                    "If-Match": asked.ifMatch,
                    "If-None-Match": asked.ifNoneMatch,
                    "Acting-User": options.actingUser,
                }),
                signal: controller.signal,
                ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
            });
            if (!response.ok && response.status !== 304) throw await problemOf(response);
            // Read whole within the limit: half an answer is none.
            const text = await response.text();
            const isJson = /\bjson\b/.test(response.headers.get("Content-Type") ?? "");
            return {
                data: (isJson ? JSON.parse(text) : text === "" ? undefined : text) as T,
                status: response.status,
                etag: response.headers.get("ETag") ?? undefined,
                replayed: response.headers.get("Idempotency-Replayed") === "true",
                requestId: response.headers.get("Request-Id") ?? undefined,
            };
        } finally {
            clearTimeout(timer);
            options.signal?.removeEventListener("abort", abort);
        }
    }
}

/** Full jitter, so that many who were refused at once do not come back at once; never before the time
 * that the server named. */
function pauseMs(attempt: number, retry: RetryOptions, retryAfter: number | undefined): number {
    const longest = Math.min(
        retry.pauseMaxMs ?? 10_000,
        (retry.firstPauseMs ?? 200) * 2 ** (attempt - 1),
    );
    return (retryAfter ?? 0) * 1000 + Math.random() * longest;
}

export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((done, failed) => {
        if (signal?.aborted) return failed(signal.reason as Error);
        const stop = () => {
            clearTimeout(timer);
            failed(signal!.reason as Error);
        };
        const timer = setTimeout(() => {
            signal?.removeEventListener("abort", stop);
            done();
        }, ms);
        signal?.addEventListener("abort", stop, { once: true });
    });
}
