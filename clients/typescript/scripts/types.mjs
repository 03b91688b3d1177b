// types.mjs - the contract's types.
import openapiTypescript, { astToString } from "openapi-typescript";
import { contract, save } from "./contract.mjs";

await save(
    "types.ts",
    astToString(await openapiTypescript(contract, { defaultNonNullable: false })),
);
