// Every way in which a body can break its schema, one at a time, made from the contract.
import type { Contract, Json, Schema } from "./contract.ts";

export interface Violation {
    name: string;
    pointer: string; // where the answer must say that something is wrong
    body: Json;
}

type JsonObject = { [name: string]: Json };

// `body` keeps the schema; each violation is a copy of it with one thing wrong.
export function* bodyViolations(
    contract: Contract,
    schema: Schema,
    body: JsonObject,
): Generator<Violation> {
    const object = contract.resolve(schema) as any;
    yield* objectViolations(contract, object, body, "", (changed) => changed);
}

function* objectViolations(
    contract: Contract,
    object: any,
    value: JsonObject,
    at: string,
    wrap: (changed: Json) => Json,
): Generator<Violation> {
    yield {
        name: "an unknown member",
        pointer: `${at}/no_such_member`,
        body: wrap({ ...value, no_such_member: 1 }),
    };
    for (const required of object.required ?? []) {
        const { [required]: _, ...rest } = value;
        yield { name: "it is missing", pointer: `${at}/${required}`, body: wrap(rest) };
    }
    for (const [name, member] of Object.entries<any>(object.properties ?? {})) {
        const put = (changed: Json): Json => wrap({ ...value, [name]: changed });
        const pointer = `${at}/${name}`;
        const merged = { ...contract.resolve(member), ...withoutRef(member) };
        for (const [why, bad] of valueViolations(merged))
            yield { name: why, pointer, body: put(bad) };
        const items = contract.resolve(merged.items) as any;
        const list = value[name];
        if (items?.type === "object" && Array.isArray(list)) {
            const first = list[0] as JsonObject;
            yield* objectViolations(contract, items, first, `${pointer}/0`, (changed) =>
                put([changed, ...list.slice(1)]),
            );
            yield { name: "its first is no object", pointer: `${pointer}/0`, body: put([1]) };
        }
    }
}

function withoutRef({ $ref: _, ...rest }: any): any {
    return rest;
}

// Values that the schema forbids, each with why.
export function* valueViolations(schema: any): Generator<[string, Json]> {
    const types: string[] = [schema.type].flat();
    const samples: Record<string, Json> = {
        string: "text",
        integer: 1,
        boolean: true,
        array: [],
        object: {},
        null: null,
    };
    for (const [type, sample] of Object.entries(samples))
        if (!types.includes(type)) yield [`it is of the type ${type}`, sample];
    if (types.includes("integer")) {
        yield ["it is a fraction", 1.5];
        yield ["it is beyond 64 bits", 1e30];
    }
    if (schema.minimum !== undefined) yield ["it is below its minimum", schema.minimum - 1];
    if (schema.maximum !== undefined && Number.isSafeInteger(schema.maximum + 1))
        yield ["it is above its maximum", schema.maximum + 1];
    if (schema.enum !== undefined) yield ["it is none of the words", "no_such_word"];
    if (schema.minLength > 0) yield ["it is too short", "x".repeat(schema.minLength - 1)];
    if (schema.minLength > 0) yield ["it is blank", " ".repeat(schema.minLength)];
    if (schema.maxLength !== undefined) yield ["it is too long", "x".repeat(schema.maxLength + 1)];
    if (schema.pattern !== undefined) yield ["it has another form", "# #"];
    if (schema.format === "date-time")
        for (const bad of [
            "soon",
            "2031-01-01",
            "2031-13-01T00:00:00Z",
            "2031-01-01T00:00:00",
            "2031-01-01T25:00:00Z",
        ])
            yield [`it is not a time (${bad})`, bad];
    if (schema.minItems > 0) yield ["it is empty", []];
}
