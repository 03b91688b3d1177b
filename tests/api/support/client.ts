// A small HTTP client whose every reply is held against the contract.
import http from "node:http";
import { type Contract, type Json } from "./contract.ts";
import { type Problem } from "./objects.ts";

export interface Ask {
    query?: Record<string, string | number>;
    body?: unknown;
    raw?: string | Buffer; // instead of body: sent as it is
    headers?: Record<string, string | undefined>; // undefined: leave it out
}

export interface Reply<T> {
    status: number;
    headers: Record<string, string>;
    text: string;
    json: T; // undefined where the body is none
}

export class Client {
    private readonly agent: http.Agent;

    constructor(
        readonly address: { host: string; port: number },
        readonly contract: Contract,
        readonly key?: string,
        agent?: http.Agent,
    ) {
        this.agent = agent ?? new http.Agent({ keepAlive: true });
    }

    as(key: string | undefined): Client {
        return new Client(this.address, this.contract, key, this.agent);
    }

    close(): void {
        this.agent.destroy();
    }

    get<T = any>(path: string, ask: Ask = {}): Promise<Reply<T>> {
        return this.request("GET", path, ask);
    }

    post<T = any>(path: string, body?: unknown, ask: Ask = {}): Promise<Reply<T>> {
        return this.request("POST", path, { ...ask, body });
    }

    put<T = any>(path: string, body: unknown, ask: Ask = {}): Promise<Reply<T>> {
        return this.request("PUT", path, { ...ask, body });
    }

    patch<T = any>(path: string, body: unknown, ask: Ask = {}): Promise<Reply<T>> {
        return this.request("PATCH", path, { ...ask, body });
    }

    async request<T = any>(method: string, path: string, ask: Ask = {}): Promise<Reply<T>> {
        const query = Object.entries(ask.query ?? {}).map(
            ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
        );
        const joint = path.includes("?") ? "&" : "?";
        const target = query.length === 0 ? path : `${path}${joint}${query.join("&")}`;
        const body = ask.raw ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body));
        const reply = await this.exchange(method, target, body, this.headers(body, ask.headers));
        const json = reply.headers["content-type"]?.includes("json") === true && reply.text !== "";
        this.contract.check({
            method,
            path: target.split("?")[0]!,
            query: [...new URLSearchParams(target.split("?")[1] ?? "").keys()],
            sent: ask.raw === undefined ? (ask.body as Json | undefined) : parsed(String(ask.raw)),
            ...reply,
        });
        return { ...reply, json: json ? JSON.parse(reply.text) : undefined };
    }

    private headers(
        body: string | Buffer | undefined,
        extra: Ask["headers"] = {},
    ): Record<string, string> {
        const all = {
            ...(this.key === undefined ? {} : { Authorization: `Bearer ${this.key}` }),
            ...(body === undefined
                ? {}
                : {
                      "Content-Type": "application/json",
                      "Content-Length": String(Buffer.byteLength(body)),
                  }),
            ...extra,
        };
        return Object.fromEntries(
            Object.entries(all).filter(([, value]) => value !== undefined),
        ) as Record<string, string>;
    }

    private exchange(
        method: string,
        path: string,
        body: string | Buffer | undefined,
        headers: Record<string, string>,
    ): Promise<{ status: number; headers: Record<string, string>; text: string }> {
        return new Promise((resolve, reject) => {
            const options = {
                ...this.address,
                method,
                path,
                headers,
                agent: this.agent,
                timeout: 20_000,
            };
            const request = http.request(options, (reply) => {
                const chunks: Buffer[] = [];
                const done = () =>
                    resolve({
                        status: reply.statusCode!,
                        headers: Object.fromEntries(
                            Object.entries(reply.headers).map(([name, value]) => [
                                name,
                                [value].flat().join(", "), // Node gives Set-Cookie as a list
                            ]),
                        ),
                        text: Buffer.concat(chunks).toString("utf8"),
                    });
                // A stream has no end: the first of it is the answer.
                const endless = reply.headers["content-type"]?.startsWith("text/event-stream");
                reply.on("data", (chunk: Buffer) => {
                    chunks.push(chunk);
                    if (endless === true) {
                        done();
                        reply.destroy();
                    }
                });
                reply.on("error", reject);
                reply.on("end", done);
            });
            request.on("timeout", () =>
                request.destroy(new Error(`${method} ${path}: no answer in 20 s`)),
            );
            request.on("error", reject);
            request.end(body);
        });
    }
}

function parsed(text: string): Json | undefined {
    try {
        return JSON.parse(text) as Json;
    } catch {
        return undefined;
    }
}

// The answer of a request that must have been granted.
export function granted<T>(reply: Reply<T>, status = 200): T {
    if (reply.status !== status)
        throw new Error(
            `expected ${status}, was answered ${reply.status}: ${reply.text.slice(0, 800)}`,
        );
    return reply.json;
}

// The problem of a request that must have been refused with this code; the contract knows its status.
export function refused(
    reply: Reply<unknown>,
    code: Problem["code"],
    facts: Partial<Problem> = {},
): Problem {
    const problem = reply.json as Problem;
    if (reply.status < 400 || problem.code !== code)
        throw new Error(
            `expected ${code}, was answered ${reply.status}: ${reply.text.slice(0, 800)}`,
        );
    for (const [name, fact] of Object.entries(facts)) {
        const said = problem[name as keyof Problem];
        if (JSON.stringify(said) !== JSON.stringify(fact))
            throw new Error(
                `${code}: ${name} should be ${JSON.stringify(fact)}: ${reply.text.slice(0, 800)}`,
            );
    }
    return problem;
}

// Refused as not valid, at these places and no others.
export function invalid(reply: Reply<unknown>, ...pointers: string[]): Problem {
    const problem = refused(reply, "validation_failed");
    const said = (problem.errors ?? []).map((error) => error.pointer);
    for (const pointer of pointers)
        if (!said.includes(pointer))
            throw new Error(`no error at ${pointer}: ${reply.text.slice(0, 800)}`);
    for (const pointer of said)
        if (!pointers.includes(pointer))
            throw new Error(`an error at ${pointer}: ${reply.text.slice(0, 800)}`);
    return problem;
}
