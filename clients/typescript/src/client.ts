// The client: a method for every operation of the contract, grouped by what they are about.
//
//     const client = createClient({ baseUrl: "https://tickets.example", key: process.env.TICKETD_KEY });
//     const reservation = await client.reservations.create({ ticket_type_id, quantity: 2 });
//     await client.reservations.complete(reservation.id, { order_id });
//
// A method takes, in this order and as far as the operation has them: the id, the body, the query, options.
import { operations as table } from "./contract/operations.ts";
import type { components, operations } from "./contract/types.ts";
import { stream, type LiveMessage, type StreamOptions } from "./stream.ts";
import {
    Transport,
    type Answered,
    type Asked,
    type CallOptions,
    type TransportOptions,
} from "./transport.ts";

type Name = keyof operations & keyof typeof table;

type Json<Content> = Content extends { content: { "application/json": infer Body } } ? Body : void;
type Success<Responses> = {
    [Status in keyof Responses]: Status extends 200 | 201 | 204 ? Json<Responses[Status]> : never;
}[keyof Responses];

/** What an operation answers. */
export type Data<Operation extends Name> = Success<operations[Operation]["responses"]>;
/** What it is sent. */
export type Body<Operation extends Name> = operations[Operation] extends {
    requestBody?: { content: { "application/json": infer Sent } };
}
    ? Sent
    : never;
type Asks<Operation extends Name> = NonNullable<operations[Operation]["parameters"]["query"]>;
/** What it is asked for; what is null or empty is left out. */
export type Query<Operation extends Name> = {
    [Parameter in keyof Asks<Operation>]: Asks<Operation>[Parameter] | null | undefined;
};

type HasBody<Operation extends Name> = (typeof table)[Operation]["takesBody"];
type NeedsBody<Operation extends Name> = operations[Operation] extends { requestBody: object }
    ? true
    : false;
type IdArgument<Operation extends Name> = (typeof table)[Operation]["takesId"] extends true
    ? [id: string]
    : [];
type BodyArgument<Operation extends Name> =
    HasBody<Operation> extends true
        ? NeedsBody<Operation> extends true
            ? [body: Body<Operation>]
            : [body?: Body<Operation>]
        : [];
type QueryArgument<
    Operation extends Name,
    Asked,
> = (typeof table)[Operation]["takesQuery"] extends true ? [query?: Asked] : [];
type OptionsArgument<Operation extends Name> =
    (typeof table)[Operation]["takesVersion"] extends true
        ? [options: CallOptions & { ifMatch: string | number }]
        : [options?: CallOptions];

export type Arguments<Operation extends Name, Asked = Omit<Query<Operation>, "format">> = [
    ...IdArgument<Operation>,
    ...BodyArgument<Operation>,
    ...QueryArgument<Operation, Asked>,
    ...OptionsArgument<Operation>,
];

export interface Method<Operation extends Name> {
    (...args: Arguments<Operation>): Promise<Data<Operation>>;
    /** The same with what came around the data: the ETag, whether it is a stored answer, the request's id. */
    answer(...args: Arguments<Operation>): Promise<Answered<Data<Operation>>>;
    /** Where it is asked: for a link to a download, with `format: "csv"`. */
    url(...args: Arguments<Operation, Query<Operation>>): string;
}

/** Lists can be walked to their end, page by page. */
interface Pages<Operation extends Name> {
    all(...args: Arguments<Operation>): AsyncGenerator<Row<Data<Operation>>>;
}
type Row<Page> = Page extends { data: (infer Item)[] } ? Item : never;

/** Lists and reports are tables, too. */
interface Table<Operation extends Name> {
    /** The same rows as CSV text with a header row; of a list all of them, where no `limit` is given. It is
     * read whole, within `retry.attemptMs`: for what is large, give a browser `.url({ format: "csv" })`. */
    csv(...args: Arguments<Operation>): Promise<string>;
}

/** What can be asked whether it changed. */
interface Watched<Operation extends Name> {
    /** `undefined`: nothing changed since the answer that had this `etag`. Without one it is answered. */
    ifChanged(
        etag: string | undefined,
        ...args: Arguments<Operation>
    ): Promise<Answered<Data<Operation>> | undefined>;
}

type IsTable<Operation extends Name> = operations[Operation]["responses"] extends {
    200: { content: { "text/csv": unknown } };
}
    ? true
    : false;
type IsWatched<Operation extends Name> = operations[Operation]["responses"] extends {
    304: unknown;
}
    ? true
    : false;

/** Every operation has its place here: a test holds this against the contract. */
export const groups = {
    venues: {
        list: "venue_list",
        create: "venue_create",
        get: "venue_get",
        update: "venue_update",
        archive: "venue_archive",
        unarchive: "venue_unarchive",
    },
    events: {
        list: "event_list",
        create: "event_create",
        get: "event_get",
        update: "event_update",
        archive: "event_archive",
        unarchive: "event_unarchive",
        inventory: "event_inventory",
    },
    ticketTypes: {
        list: "ticket_type_list",
        create: "ticket_type_create",
        get: "ticket_type_get",
        update: "ticket_type_update",
        archive: "ticket_type_archive",
        unarchive: "ticket_type_unarchive",
        availability: "ticket_type_availability",
        increase: "ticket_type_increase",
        decrease: "ticket_type_decrease",
        explain: "ticket_type_explain",
    },
    reservations: {
        list: "reservation_list",
        create: "reservation_create",
        get: "reservation_get",
        complete: "reservation_complete",
        release: "reservation_release",
        extend: "reservation_extend",
        refund: "reservation_refund",
        releaseExpired: "reservation_release_expired",
    },
    carts: {
        create: "cart_create",
        get: "cart_get",
        replace: "cart_replace",
        complete: "cart_complete",
        release: "cart_release",
        extend: "cart_extend",
        refund: "cart_refund",
    },
    sales: { list: "sale_list", create: "sale_create" },
    auditLog: { list: "audit_log_list" },
    shifts: { list: "shift_list", open: "shift_open", get: "shift_get", close: "shift_close" },
    reports: {
        sales: "sales_report",
        inventory: "inventory_report",
        boxOffice: "box_office_report",
    },
    apiKeys: { list: "api_key_list", create: "api_key_create", revoke: "api_key_revoke" },
    session: { create: "session_create", end: "session_delete" },
    me: { get: "me_get", password: "me_password" },
    staff: {
        list: "staff_list",
        create: "staff_create",
        get: "staff_get",
        update: "staff_update",
        disable: "staff_disable",
        enable: "staff_enable",
        password: "staff_password",
    },
    server: {
        health: "health_live",
        ready: "health_ready",
        metrics: "metrics_get",
        contract: "openapi_get",
        settings: "settings_get",
        problem: "problem_get",
    },
} as const satisfies Record<string, Record<string, Name>>;

type Groups = typeof groups;
type MethodOf<Operation extends Name> = Method<Operation> &
    (Row<Data<Operation>> extends never ? unknown : Pages<Operation>) &
    (IsTable<Operation> extends true ? Table<Operation> : unknown) &
    (IsWatched<Operation> extends true ? Watched<Operation> : unknown);

export type Client = {
    readonly [Group in keyof Groups]: {
        readonly [Short in keyof Groups[Group]]: Groups[Group][Short] extends Name
            ? MethodOf<Groups[Group][Short]>
            : never;
    };
} & {
    /** Counts as they change, for as long as the loop goes on. */
    stream(options: StreamOptions): AsyncGenerator<LiveMessage>;
};

export type Schemas = components["schemas"];

function asked(name: Name, args: unknown[]): { asked: Asked; options: CallOptions } {
    const operation = table[name];
    const left = [...args];
    const id = operation.takesId ? String(left.shift()) : "";
    const body = operation.takesBody ? (left.shift() ?? {}) : undefined;
    const query = operation.takesQuery ? (left.shift() as Record<string, unknown>) : undefined;
    const options = (left.shift() ?? {}) as CallOptions & { ifMatch?: string | number };
    const { ifMatch } = options;
    return {
        asked: {
            method: operation.method,
            path: operation.path.replace(/\{[^}]+\}/, () => encodeURIComponent(id)),
            query,
            body,
            takesKey: operation.takesKey,
            needsCredentials: operation.needsCredentials,
            ifMatch: ifMatch === undefined ? undefined : quoted(ifMatch),
        },
        options,
    };
}

const quoted = (etag: string | number) => `"${String(etag).replaceAll('"', "")}"`;

function method(transport: Transport, name: Name): (...args: unknown[]) => Promise<unknown> {
    const answer = (...args: unknown[]) => {
        const { asked: what, options } = asked(name, args);
        return transport.send<unknown>(what, options);
    };
    async function* all(...args: unknown[]): AsyncGenerator<unknown> {
        const { asked: what, options } = asked(name, args);
        for (let cursor: string | null | undefined; cursor !== null; ) {
            const query = { ...what.query, ...(cursor === undefined ? {} : { cursor }) };
            const { data } = await transport.send<{ data: unknown[]; next_cursor: string | null }>(
                { ...what, query },
                options,
            );
            yield* data.data;
            cursor = data.next_cursor;
        }
    }
    const csv = async (...args: unknown[]) => {
        const { asked: what, options } = asked(name, args);
        return (await transport.send<string>({ ...what, accept: "text/csv" }, options)).data;
    };
    const ifChanged = async (etag: string | undefined, ...args: unknown[]) => {
        const { asked: what, options } = asked(name, args);
        const ifNoneMatch = etag === undefined ? undefined : quoted(etag);
        const answered = await transport.send<unknown>({ ...what, ifNoneMatch }, options);
        return answered.status === 304 ? undefined : answered;
    };
    const url = (...args: unknown[]) => {
        const { path, query } = asked(name, args).asked;
        return transport.url(path, query);
    };
    const call = async (...args: unknown[]) => (await answer(...args)).data;
    return Object.assign(call, { answer, all, csv, ifChanged, url });
}

/** Nothing is asked yet. */
export function createClient(options: TransportOptions = {}): Client {
    const transport = new Transport(options);
    const client: Record<string, unknown> = {
        stream: (wanted: StreamOptions) => stream(transport, wanted),
    };
    for (const [group, methods] of Object.entries(groups))
        client[group] = Object.fromEntries(
            Object.entries(methods).map(([short, name]) => [short, method(transport, name)]),
        );
    return client as Client;
}
