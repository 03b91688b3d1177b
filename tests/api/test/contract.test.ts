// The contract as a document: complete enough to make reference pages and closed enough to catch drift.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Contract } from "../support/contract.ts";

const contract = Contract.load();
const { paths, components, tags } = contract.document;
const codes: Record<string, { status: number; title: string }> =
    contract.document["x-problem-codes"];

// Every schema of the document with where it is.
function* schemas(node: any, at: string): Generator<[string, any]> {
    if (node === null || typeof node !== "object") return;
    yield [at, node];
    for (const [name, child] of Object.entries(node)) yield* schemas(child, `${at}/${name}`);
}

describe("the contract", () => {
    it("has a summary, a description and a known tag for every operation", () => {
        const known = tags.map((tag: { name: string }) => tag.name);
        for (const { method, path, id } of contract.operations) {
            const raw = paths[path][method.toLowerCase()];
            assert.ok(raw.summary && raw.description, `${id} is not described`);
            assert.ok(
                raw.tags.length === 1 && known.includes(raw.tags[0]),
                `${id} has the tags ${raw.tags}`,
            );
        }
    });

    it("describes every parameter and header", () => {
        for (const { id, parameters } of contract.operations)
            for (const one of parameters as any[]) assert.ok(one.description, `${id}: ${one.name}`);
        for (const [name, header] of Object.entries<any>(components.headers))
            assert.ok(header.description, name);
    });

    it("describes every member of every object, there or where its schema is", () => {
        for (const [at, node] of schemas(components.schemas, "schemas")) {
            if (node.type !== "object") continue;
            for (const [name, member] of Object.entries<any>(node.properties ?? {})) {
                const described = member.description ?? contract.resolve(member).description;
                assert.ok(described, `${at}: ${name} is not described`);
            }
        }
    });

    it("closes every object", () => {
        for (const [at, node] of schemas(components, "components"))
            if (node.type === "object")
                assert.equal(node.additionalProperties, false, `${at} is open`);
    });

    it("names only codes that exist, in the problem and in every operation", () => {
        const named: string[] = components.schemas.Problem.properties.code.enum;
        assert.deepEqual([...named].sort(), Object.keys(codes).sort());
        for (const { id, problems } of contract.operations)
            for (const code of problems) assert.ok(code in codes, `${id} names ${code}`);
    });

    it("has a status and a title for every code", () => {
        for (const [code, { status, title }] of Object.entries(codes))
            assert.ok(status >= 400 && status < 600 && title.length > 0, code);
    });

    it("lets every POST carry an Idempotency-Key, but for those that have to do with secrets", () => {
        const secret = [
            "api_key_create",
            "session_create",
            "me_password",
            "staff_create",
            "staff_password",
        ];
        for (const { method, id, parameters } of contract.operations) {
            const takes = parameters.some((one) => one.name === "Idempotency-Key");
            assert.equal(takes, method === "POST" && !secret.includes(id), id);
        }
    });

    it("gives every list a limit, a cursor and CSV", () => {
        const lists = contract.operations.filter((one) => one.id.endsWith("_list"));
        assert.ok(lists.length >= 7);
        for (const { id, parameters, responses } of lists) {
            for (const name of ["limit", "cursor", "format"])
                assert.ok(
                    parameters.some((one) => one.name === name),
                    `${id} has no ${name}`,
                );
            assert.ok("text/csv" in responses["200"]!.content!, `${id} has no CSV`);
        }
    });

    it("declares the parameters of every path", () => {
        for (const { path, id, parameters } of contract.operations) {
            const named = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]);
            const declared = parameters.filter((one) => one.in === "path").map((one) => one.name);
            assert.deepEqual(declared, named, id);
        }
    });
});
