// What does the contract say about this request and this reply?
//
// Reads the openapi.json that the build made from api/openapi.yaml and holds every exchange against it:
// status, media type, headers, body, and for problems the code, its status and whether the operation may
// answer it. What the contract does not describe is a ContractBreach, and fails the test.
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Schema = { [keyword: string]: Json };

export interface Parameter {
    name: string;
    in: "path" | "query" | "header";
    required: boolean;
    schema: Schema;
}

interface Header {
    required?: boolean;
    schema: Schema;
}

interface Response {
    headers?: Record<string, Header>;
    content?: Record<string, { schema: Schema }>;
}

export interface Operation {
    id: string;
    method: string;
    path: string;
    right: string;
    problems: string[];
    parameters: Parameter[];
    body: Schema | undefined;
    bodyRequired: boolean;
    responses: Record<string, Response>;
}

export interface Exchange {
    method: string;
    path: string; // without the query
    query: string[]; // names of its parameters
    sent: Json | undefined; // the body, where it was JSON
    status: number;
    headers: Record<string, string>;
    text: string;
}

export class ContractBreach extends Error {}

const METHODS = ["get", "put", "post", "patch", "delete"] as const;

export class Contract {
    readonly operations: Operation[];
    private readonly validators = new Map<string, ValidateFunction>();
    private readonly ajv = new Ajv2020({
        strict: true,
        strictTypes: false, // {$ref} with siblings says the type only once
        strictRequired: false,
        allErrors: true,
        validateFormats: true,
    });

    constructor(readonly document: any) {
        (addFormats as unknown as (ajv: Ajv2020) => void)(this.ajv);
        for (const [name, schema] of Object.entries(document.components.schemas))
            this.ajv.addSchema(localised(schema) as object, name);
        this.operations = Object.entries<any>(document.paths).flatMap(([path, item]) =>
            METHODS.filter((method) => method in item).map((method) =>
                this.operation(path, method, item),
            ),
        );
    }

    static load(): Contract {
        const file = process.env["TICKETD_OPENAPI"] ?? "../../build/api/openapi.json";
        return new Contract(JSON.parse(readFileSync(file, "utf8")));
    }

    // Follows a $ref one step at a time; what is beside it is not needed where this is used.
    resolve(node: any): any {
        while (node !== undefined && typeof node.$ref === "string") {
            node = (node.$ref as string)
                .slice(2)
                .split("/")
                .reduce(
                    (at, name) => at?.[name.replaceAll("~1", "/").replaceAll("~0", "~")],
                    this.document,
                );
        }
        return node;
    }

    named(id: string): Operation {
        const operation = this.operations.find((one) => one.id === id);
        if (operation === undefined)
            throw new ContractBreach(`the contract has no operation ${id}`);
        return operation;
    }

    // HEAD is GET without a body. A literal path wins over one with a parameter.
    find(method: string, path: string): Operation | undefined {
        const verb = method === "HEAD" ? "GET" : method;
        const found = this.operations.filter(
            (one) => one.method === verb && pathMatches(one.path, path),
        );
        return found.sort((a, b) => a.path.split("{").length - b.path.split("{").length)[0];
    }

    // What is wrong with `value`, or undefined.
    fault(schema: Schema, value: unknown): string | undefined {
        const key = JSON.stringify(schema);
        let validate = this.validators.get(key);
        if (validate === undefined) {
            validate = this.ajv.compile(localised(schema) as object);
            this.validators.set(key, validate);
        }
        return validate(value)
            ? undefined
            : this.ajv.errorsText(validate.errors, { separator: "; " });
    }

    check(exchange: Exchange): void {
        const operation = this.find(exchange.method, exchange.path);
        const fail = (why: string): never => {
            const name = operation?.id ?? "no operation";
            const said =
                exchange.text.length > 600 ? `${exchange.text.slice(0, 600)}…` : exchange.text;
            throw new ContractBreach(
                `${exchange.method} ${exchange.path} (${name}) answered ${exchange.status}: ${why}\n${said}`,
            );
        };
        const response =
            this.response(operation, exchange.status) ??
            fail("the contract does not list this status");
        this.checkHeaders(response, exchange, fail);
        this.checkBody(response, operation, exchange, fail);
        if (operation !== undefined && exchange.status < 400)
            this.checkRequest(operation, exchange, fail);
    }

    private operation(path: string, method: string, item: any): Operation {
        const raw = item[method];
        const content = this.resolve(raw.requestBody)?.content?.["application/json"];
        const responses = Object.entries<any>(raw.responses).map(([status, response]) => {
            const { headers = {}, content: contents } = this.resolve(response);
            const resolved = Object.entries<any>(headers).map(([name, header]) => [
                name,
                this.resolve(header),
            ]);
            return [status, { headers: Object.fromEntries(resolved), content: contents }];
        });
        return {
            id: raw.operationId,
            method: method.toUpperCase(),
            path,
            right: raw["x-right"],
            problems: raw["x-problems"] ?? [],
            parameters: [...(item.parameters ?? []), ...(raw.parameters ?? [])].map((one) =>
                this.resolve(one),
            ),
            body: content?.schema,
            bodyRequired: this.resolve(raw.requestBody)?.required === true,
            responses: Object.fromEntries(responses),
        };
    }

    private response(operation: Operation | undefined, status: number): Response | undefined {
        const range = `${Math.floor(status / 100)}XX`;
        if (operation === undefined) {
            // A path or method outside the contract can only be refused.
            return status >= 400 ? (this.operations[0]?.responses["4XX"] as Response) : undefined;
        }
        return operation.responses[String(status)] ?? operation.responses[range];
    }

    private checkHeaders(
        response: Response,
        exchange: Exchange,
        fail: (why: string) => never,
    ): void {
        for (const [name, header] of Object.entries(response.headers ?? {})) {
            const value = exchange.headers[name.toLowerCase()];
            if (value === undefined) {
                if (header.required === true) fail(`the header ${name} is missing`);
                continue;
            }
            const fault = this.fault(header.schema, value);
            if (fault !== undefined) fail(`header ${name}: ${fault}`);
        }
        for (const name of ["idempotency-replayed", "etag"]) {
            const known = Object.keys(response.headers ?? {}).some(
                (one) => one.toLowerCase() === name,
            );
            if (name in exchange.headers && !known)
                fail(`the contract does not describe its header ${name}`);
        }
    }

    private checkBody(
        response: Response,
        operation: Operation | undefined,
        exchange: Exchange,
        fail: (why: string) => never,
    ): void {
        const type = (exchange.headers["content-type"] ?? "").split(";")[0]!.trim();
        if (response.content === undefined || exchange.method === "HEAD") {
            if (exchange.text !== "") fail("it has a body");
            return;
        }
        const media =
            response.content[type] ??
            fail(`the contract does not describe the media type '${type}'`);
        if (!type.endsWith("json")) return;
        let body: any;
        try {
            body = JSON.parse(exchange.text);
        } catch {
            fail("the body is not JSON");
        }
        const fault = this.fault(media.schema, body);
        if (fault !== undefined) fail(fault);
        if (type === "application/problem+json") this.checkProblem(operation, exchange, body, fail);
    }

    private checkProblem(
        operation: Operation | undefined,
        exchange: Exchange,
        problem: any,
        fail: (why: string) => never,
    ): void {
        const known =
            this.document["x-problem-codes"][problem.code] ?? fail(`unknown code ${problem.code}`);
        if (known.status !== exchange.status)
            fail(`${problem.code} belongs to status ${known.status}`);
        if (problem.status !== exchange.status)
            fail("its member status differs from the status line");
        if (problem.type !== `/problems/${problem.code}`) fail("its type does not name its code");
        if (problem.title !== known.title) fail(`the title of ${problem.code} is '${known.title}'`);
        if (problem.request_id !== exchange.headers["request-id"])
            fail("its request_id differs from the header");
        if (known.everywhere !== true && operation?.problems.includes(problem.code) !== true)
            fail(`the contract does not list ${problem.code} here`);
        const needs = {
            401: "www-authenticate",
            405: "allow",
            429: "retry-after",
            503: "retry-after",
        };
        const header = needs[exchange.status as keyof typeof needs];
        if (header !== undefined && !(header in exchange.headers))
            fail(`the header ${header} is missing`);
    }

    // What was granted must have been a request that the contract allows.
    private checkRequest(
        operation: Operation,
        exchange: Exchange,
        fail: (why: string) => never,
    ): void {
        const known = operation.parameters
            .filter((one) => one.in === "query")
            .map((one) => one.name);
        for (const name of exchange.query)
            if (!known.includes(name)) fail(`it granted the unknown parameter ${name}`);
        if (operation.body === undefined) return;
        if (exchange.sent === undefined) {
            if (operation.bodyRequired) fail("it granted a request without its body");
            return;
        }
        const fault = this.fault(operation.body, exchange.sent);
        if (fault !== undefined) fail(`it granted a request that the contract forbids: ${fault}`);
    }
}

function pathMatches(template: string, path: string): boolean {
    const pattern = template.replace(/\{[^}]+\}/g, "[^/]+");
    return new RegExp(`^${pattern}$`).test(path);
}

// ajv knows the components by their bare names.
function localised(schema: unknown): unknown {
    return JSON.parse(JSON.stringify(schema).replaceAll("#/components/schemas/", ""));
}
