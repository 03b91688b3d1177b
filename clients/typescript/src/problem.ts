// What a request can come to besides an answer: a refusal, or no answer at all.

import type { components } from "./contract/types.ts";

type Told = components["schemas"]["Problem"];

/** The body of a refusal (RFC 9457). Decide on `code`; what else is there are the facts of the case. It is
 * "unknown" where something else than ticketd spoke. */
export type Problem = Omit<Told, "code" | "instance" | "request_id"> & {
    code: Told["code"] | "unknown";
    instance?: string;
    request_id?: string;
};

/** One thing wrong with a field of the request. */
export type FieldError = NonNullable<Problem["errors"]>[number];

/** ticketd answered, and the answer is no. Nothing has changed, but after `outcome_unknown`. */
export class TicketdError extends Error {
    override readonly name = "TicketdError";

    constructor(
        readonly problem: Problem,
        /** Seconds after which it may be tried again, where ticketd says so. */
        readonly retryAfter: number | undefined,
    ) {
        super(problem.detail);
    }

    get status(): number {
        return this.problem.status;
    }

    get code(): Problem["code"] {
        return this.problem.code;
    }

    get requestId(): string | undefined {
        return this.problem.request_id;
    }

    /** What is wrong with the member at this JSON pointer ("/quantity"), if anything. */
    fieldError(pointer: string): FieldError | undefined {
        return this.problem.errors?.find((error) => error.pointer === pointer);
    }
}

export const isUnauthenticated = (error: unknown): boolean =>
    error instanceof TicketdError && error.status === 401;

/** No answer came, after all retries. Whether a write took effect is not known: ask again with the same
 * `idempotencyKey`, and ticketd says what became of it. */
export class TicketdUnreachable extends Error {
    override readonly name = "TicketdUnreachable";

    constructor(
        /** Of a write; undefined of a read. */
        readonly idempotencyKey: string | undefined,
        cause: unknown,
    ) {
        super("ticketd did not answer.", { cause });
    }
}

/** The problem that a response carries, or one in its place where something else than ticketd spoke. */
export async function problemOf(response: Response): Promise<TicketdError> {
    const retryAfter = secondsOf(response.headers.get("Retry-After"));
    let problem: Problem | undefined;
    try {
        const body = (await response.json()) as Partial<Problem> | null;
        if (typeof body?.code === "string" && typeof body.detail === "string")
            problem = { ...(body as Problem), status: response.status };
    } catch {
        // Not JSON: a proxy's page, say.
    }
    const requestId = response.headers.get("Request-Id");
    problem ??= {
        type: "about:blank",
        title: response.statusText,
        status: response.status,
        code: "unknown",
        detail: `The server answered with status ${response.status}.`,
        ...(requestId !== null && { request_id: requestId }),
    };
    return new TicketdError(problem, retryAfter);
}

function secondsOf(header: string | null): number | undefined {
    if (header === null) return undefined;
    const seconds = Number(header);
    if (Number.isFinite(seconds)) return Math.max(0, seconds);
    const date = Date.parse(header);
    return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}
