// What every operation has in common, made from the contract: what it refuses, member by member.
import { randomUUID } from "node:crypto";
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { granted, invalid, refused } from "../support/client.ts";
import { Contract, type Operation } from "../support/contract.ts";
import { requests, restore, Stage } from "../support/requests.ts";
import { bodyViolations, valueViolations } from "../support/violations.ts";
import { World } from "../support/world.ts";

const contract = Contract.load();
let world: World;
let stage: Stage;

before(async () => {
    world = await World.open();
    stage = await Stage.set(world);
});
after(() => world.close());

const prepare = (operation: Operation) => requests[operation.id]!(stage);

// Longer bodies than the plain request has, so that nested members are seen, too.
const richer: Record<string, () => object> = {
    cart_refund: () => ({ items: [{ reservation_id: randomUUID(), quantity: 1 }] }),
};

function refusesBodies(operation: Operation): void {
    it("refuses a body that breaks its schema, at the place where it does", async () => {
        const { path, body = {}, headers } = await prepare(operation);
        const whole = { ...body, ...richer[operation.id]?.() };
        for (const { name, pointer, body: broken } of bodyViolations(
            contract,
            operation.body!,
            whole as any,
        )) {
            const reply = await world.admin.request(operation.method, path, {
                body: broken,
                ...(headers && { headers }),
            });
            try {
                invalid(reply, pointer);
            } catch (error) {
                throw new Error(
                    `${pointer}, ${name}: ${(error as Error).message}\n${JSON.stringify(broken).slice(0, 300)}`,
                );
            }
        }
        // None of it moved anything: the request itself is still good.
        const reply = await world.admin.request(operation.method, path, {
            body,
            ...(headers && { headers }),
        });
        assert.ok(reply.status < 300, reply.text);
        await restore(stage);
    });

    it("refuses a body that is not JSON or of another type", async () => {
        const { path, headers } = await prepare(operation);
        const ask = (raw: string, type: string) =>
            world.admin.request(operation.method, path, {
                raw,
                headers: { ...headers, "Content-Type": type },
            });
        refused(await ask("{", "application/json"), "malformed_json");
        refused(await ask("a=1", "application/x-www-form-urlencoded"), "unsupported_media_type");
    });

    if (operation.bodyRequired)
        it("refuses to do without a body", async () => {
            const { path, headers } = await prepare(operation);
            const reply = await world.admin.request(operation.method, path, {
                ...(headers && { headers }),
            });
            assert.ok([400, 415, 422].includes(reply.status), reply.text);
        });
}

function refusesParameters(operation: Operation): void {
    it("refuses parameters that it does not know, and values that theirs cannot have", async () => {
        const { path, ...ask } = await prepare(operation);
        const send = (query: Record<string, string>) =>
            world.admin.request(operation.method, path, { ...ask, query });
        invalid(await send({ no_such_parameter: "1" }), "no_such_parameter");
        for (const parameter of operation.parameters) {
            if (parameter.in !== "query" || parameter.name === "cursor") continue;
            for (const [why, value] of valueViolations(contract.resolve(parameter.schema))) {
                // As text 1 may be a good value, and a blank is a text like others to search for.
                if (typeof value !== "string" && typeof value !== "number") continue;
                if (why === "it is of the type integer" || why === "it is blank") continue;
                const query: Record<string, string> = { [parameter.name]: String(value) };
                if (parameter.name === "after_seq") query["ticket_type_id"] = stage.type.id;
                try {
                    invalid(await send(query), parameter.name);
                } catch (error) {
                    throw new Error(
                        `${parameter.name}, ${why} (${value}): ${(error as Error).message}`,
                    );
                }
            }
        }
    });
}

function refusesIds(operation: Operation): void {
    it("is 404 for an id that there is not, or that is none", async () => {
        const { body, headers } = await prepare(operation);
        for (const id of [randomUUID(), "1", "x".repeat(36)]) {
            const path = operation.path.replace("{id}", id);
            refused(
                await world.admin.request(operation.method, path, {
                    body,
                    ...(headers && { headers }),
                }),
                "not_found",
            );
        }
        await restore(stage);
    });
}

function refusesHeaders(operation: Operation): void {
    it("refuses an Acting-User that is not a UUID, and takes one that is", async () => {
        const { path, body, headers } = await prepare(operation);
        const ask = (user: string) =>
            world.admin.request(operation.method, path, {
                body,
                headers: { ...headers, "Acting-User": user },
            });
        for (const user of ["", "me", randomUUID().slice(1), `{${randomUUID()}}`])
            refused(await ask(user), "bad_header");
        const reply = await ask(randomUUID());
        assert.ok(reply.status < 300, reply.text);
        await restore(stage);
    });
}

for (const operation of contract.operations) {
    describe(operation.id, () => {
        it("answers a good request as the contract says, with HEAD too where it is GET", async () => {
            const { path, ...ask } = await prepare(operation);
            const reply = await world.admin.request(operation.method, path, ask);
            assert.ok(reply.status < 300, reply.text);
            if (operation.method === "GET") granted(await world.admin.request("HEAD", path));
            await restore(stage);
        });
        if (operation.body !== undefined) refusesBodies(operation);
        refusesParameters(operation);
        if (operation.path.includes("{id}")) refusesIds(operation);
        if (operation.parameters.some((one) => one.name === "Acting-User"))
            refusesHeaders(operation);
    });
}
