// generate.mjs - from the contract: its types, and the table of its operations, in src/contract/.
//
// TICKETD_OPENAPI names the contract as JSON (the build makes it of api/openapi.yaml).
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTypescript, { astToString } from "openapi-typescript";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "../src/contract");
const file = resolve(process.env.TICKETD_OPENAPI ?? join(here, "../../../build/api/openapi.json"));
const contract = JSON.parse(await readFile(file, "utf8"));

const METHODS = ["get", "post", "put", "patch", "delete"];

function parametersOf(...lists) {
    const resolved = (one) =>
        one.$ref === undefined ? one : contract.components.parameters[one.$ref.split("/").pop()];
    return lists.flatMap((list) => (list ?? []).map(resolved));
}

const operations = {};
for (const [path, item] of Object.entries(contract.paths))
    for (const method of METHODS.filter((one) => item[one] !== undefined)) {
        const operation = item[method];
        const parameters = parametersOf(item.parameters, operation.parameters);
        const has = (place, name) =>
            parameters.some((one) => one.in === place && (name === undefined || one.name === name));
        operations[operation.operationId] = {
            method: method.toUpperCase(),
            path,
            takesId: has("path"),
            takesBody: operation.requestBody !== undefined,
            takesQuery: has("query"),
            takesKey: has("header", "Idempotency-Key"),
            takesVersion: has("header", "If-Match"),
        };
    }

const head = "// Made from the contract by scripts/generate.mjs.\n";
await mkdir(folder, { recursive: true });
await writeFile(
    join(folder, "types.ts"),
    head + astToString(await openapiTypescript(contract, { defaultNonNullable: false })),
);
await writeFile(
    join(folder, "operations.ts"),
    `${head}export const operations = ${JSON.stringify(operations, null, 4)} as const;\n`,
);
