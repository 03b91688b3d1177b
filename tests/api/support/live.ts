// A stream as a client holds it open; the data of every event is held against the contract.
import http from "node:http";
import type { Client } from "./client.ts";

export interface LiveEvent {
    event: string;
    data: any;
    id: string | undefined;
    retry: number | undefined;
}

const WAIT_MS = 10_000;

export class Live {
    readonly seen: LiveEvent[] = [];
    comments = 0;
    ended = false;
    lastId: string | undefined;
    private taken = 0;
    private rest = "";
    private wake: () => void = () => undefined;

    private constructor(
        private readonly client: Client,
        private readonly reply: http.IncomingMessage,
    ) {
        reply.setEncoding("utf8");
        reply.on("data", (text: string) => this.read(text));
        reply.on("error", () => this.end());
        reply.on("close", () => this.end());
    }

    static open(
        client: Client,
        query: string,
        headers: Record<string, string> = {},
    ): Promise<Live> {
        const key = client.key === undefined ? {} : { Authorization: `Bearer ${client.key}` };
        return new Promise((resolve, reject) => {
            const request = http.get(
                {
                    ...client.address,
                    path: `/v1/stream?${query}`,
                    headers: { ...key, ...headers },
                    agent: false,
                },
                (reply) => {
                    const type = reply.headers["content-type"] ?? "";
                    if (reply.statusCode === 200 && type.startsWith("text/event-stream"))
                        resolve(new Live(client, reply));
                    else reject(new Error(`a stream was answered ${reply.statusCode}`));
                },
            );
            request.on("error", reject);
        });
    }

    // The next event, which must have this name.
    async next<T = any>(name: string): Promise<T> {
        const next = await this.take(name);
        if (next.event !== name) throw new Error(`not ${name}: ${this.told()}`);
        return next.data as T;
    }

    // Passes over events until one of this name of which this is true.
    async until<T = any>(name: string, holds: (data: T) => boolean): Promise<T> {
        for (;;) {
            const next = await this.take(name);
            if (next.event === name && holds(next.data)) return next.data as T;
        }
    }

    close(): void {
        this.reply.destroy();
    }

    private async take(wanted: string): Promise<LiveEvent> {
        const limit = Date.now() + WAIT_MS;
        while (this.taken === this.seen.length) {
            const left = limit - Date.now();
            if (this.ended || left <= 0) throw new Error(`no ${wanted}: ${this.told()}`);
            await new Promise<void>((resolve) => {
                const timer = setTimeout(resolve, left);
                this.wake = () => {
                    clearTimeout(timer);
                    resolve();
                };
            });
        }
        const next = this.seen[this.taken++]!;
        if (next.id !== undefined) this.lastId = next.id;
        return next;
    }

    private told(): string {
        return JSON.stringify(this.seen.slice(-5));
    }

    private end(): void {
        this.ended = true;
        this.wake();
    }

    private read(text: string): void {
        this.rest += text;
        for (let at = this.rest.indexOf("\n\n"); at >= 0; at = this.rest.indexOf("\n\n")) {
            this.put(this.rest.slice(0, at).split("\n"));
            this.rest = this.rest.slice(at + 2);
        }
        this.wake();
    }

    private put(lines: string[]): void {
        const field = (name: string) =>
            lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
        const event = field("event");
        if (event === undefined) {
            this.comments += lines.filter((line) => line.startsWith(":")).length;
            return;
        }
        const data = JSON.parse(field("data")!);
        const { contract } = this.client;
        const { properties } = contract.resolve({ $ref: "#/components/schemas/StreamEvents" });
        if (!(event in properties)) throw new Error(`the contract has no event ${event}`);
        const fault = contract.fault(properties[event], data);
        if (fault !== undefined) throw new Error(`${event}: ${fault}: ${JSON.stringify(data)}`);
        const retry = field("retry");
        this.seen.push({
            event,
            data,
            id: field("id"),
            retry: retry === undefined ? undefined : Number(retry),
        });
    }
}
