// What a request can come to besides an answer: a refusal, or no answer at all.

/** One thing wrong with a field of the request. */
export interface FieldError {
    pointer: string;
    code: string;
    detail: string;
}

/** The body of a refusal (RFC 9457). Decide on `code`; what else is there are the facts of the case. */
export interface Problem {
    type: string;
    title: string;
    status: number;
    code: string;
    detail: string;
    instance?: string;
    request_id?: string;
    errors?: FieldError[];
    [fact: string]: unknown;
}

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

    get code(): string {
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
    problem ??= {
        type: "about:blank",
        title: response.statusText,
        status: response.status,
        code: "unknown",
        detail: `The server answered with status ${response.status}.`,
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
