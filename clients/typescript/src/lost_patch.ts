// A change of settings whose answer was lost: did the try before this one make it?
//
// A PATCH takes no Idempotency-Key. Its version keeps it from being made twice, so a repeated one is refused
// with 412 and the object as it stands. The change was ours where that is the very next version and holds all
// that was asked for; whatever else it is, the refusal stands.
import { TicketdError } from "./problem.ts";
import type { Answered, Asked } from "./transport.ts";

export function answerBehind<T>(asked: Asked, refused: unknown): Answered<T> | undefined {
    if (!(refused instanceof TicketdError) || refused.code !== "version_mismatch") return undefined;
    const current = refused.problem.current as Record<string, unknown> | undefined;
    const version = current?.["settings_version"] ?? current?.["version"];
    const isNext = typeof version === "number" && asked.ifMatch === `"${version - 1}"`;
    if (!isNext || !holds(current, asked.body)) return undefined;
    return {
        data: current as T,
        status: 200,
        etag: `"${version}"`,
        replayed: true,
        requestId: refused.requestId,
    };
}

/** Whether merging `patch` (RFC 7396) into `value` would change nothing. */
function holds(value: unknown, patch: unknown): boolean {
    if (Array.isArray(patch))
        return (
            Array.isArray(value) &&
            value.length === patch.length &&
            patch.every((one) => value.includes(one))
        );
    if (typeof patch === "object" && patch !== null)
        return Object.entries(patch).every(([name, one]) =>
            holds((value as Record<string, unknown> | null | undefined)?.[name], one),
        );
    return value === patch || (patch === null && value === undefined) || isSameTime(value, patch);
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

// ticketd answers in UTC, whatever offset a time was sent with.
function isSameTime(value: unknown, patch: unknown): boolean {
    return (
        typeof value === "string" &&
        typeof patch === "string" &&
        TIME.test(value) &&
        TIME.test(patch) &&
        Date.parse(value) === Date.parse(patch)
    );
}
