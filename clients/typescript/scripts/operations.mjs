// operations.mjs - the table of the contract's operations. Needs nothing installed: the build of the pages
// makes it, too.
import { contract, save } from "./contract.mjs";

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
            needsCredentials: (operation.security ?? contract.security).length > 0,
            takesId: has("path"),
            takesBody: operation.requestBody !== undefined,
            takesQuery: has("query"),
            takesKey: has("header", "Idempotency-Key"),
            takesVersion: has("header", "If-Match"),
        };
    }

await save(
    "operations.ts",
    `export const operations = ${JSON.stringify(operations, null, 4)} as const;\n`,
);
