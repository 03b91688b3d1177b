// A ticketd of our own: started on a fresh database and a free port, stopped politely, its words read.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { promisify } from "node:util";

const START_MS = 20_000; // sanitizer builds on a busy machine take their time
const STOP_MS = 20_000;
const SANITIZER = /(Address|Leak|Thread|UndefinedBehavior)Sanitizer|runtime error:/;

export class Daemon {
    readonly log: string[] = [];
    readonly address = { host: "127.0.0.1", port: 0 };
    private readonly lines: Interface;
    private readonly exited: Promise<[number | null, NodeJS.Signals | null]>;
    private readonly logEnded: Promise<unknown>;

    private constructor(
        private readonly folder: string,
        private readonly child: ChildProcess,
    ) {
        this.exited = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
        this.lines = createInterface({ input: child.stderr! });
        this.lines.on("line", (line) => this.log.push(line));
        this.logEnded = once(this.lines, "close");
    }

    static binary(): string {
        return resolve(process.env["TICKETD"] ?? "../../build/ticketd");
    }

    // `prepare` runs before the server does, with the database's address.
    static async start(
        options: string[] = [],
        prepare?: (database: string) => Promise<void>,
    ): Promise<Daemon> {
        const folder = await mkdtemp(join(tmpdir(), "ticketd-api-"));
        const database = databaseIn(folder);
        await prepare?.(database);
        const serve = ["serve", "--database", database, "--listen", "127.0.0.1:0", ...options];
        const child = spawn(Daemon.binary(), serve, { stdio: ["ignore", "ignore", "pipe"] });
        const daemon = new Daemon(folder, child);
        daemon.address.port = await daemon.listening();
        return daemon;
    }

    database(): string {
        return databaseIn(this.folder);
    }

    // The log is the last word: exit code 0 and not a line of a sanitizer in it.
    async stop(): Promise<void> {
        this.child.kill("SIGTERM");
        const [code, signal] = await before(
            STOP_MS,
            this.exited,
            "ticketd does not stop on SIGTERM",
        );
        await this.logEnded;
        await rm(this.folder, { recursive: true, force: true });
        const reports = this.log.filter((line) => SANITIZER.test(line));
        if (code !== 0 || reports.length > 0)
            throw new Error(
                `ticketd ended with ${code ?? signal}:\n${this.log.slice(-40).join("\n")}`,
            );
    }

    private async listening(): Promise<number> {
        const found = new Promise<number>((resolvePort, reject) => {
            const look = (line: string) => {
                const match = /\bevent=listening\b.*\baddress=127\.0\.0\.1:(\d+)/.exec(line);
                if (match !== null) resolvePort(Number(match[1]));
            };
            this.log.forEach(look);
            this.lines.on("line", look);
            void this.exited.then(() =>
                reject(new Error(`ticketd did not start:\n${this.log.join("\n")}`)),
            );
            this.child.on("error", reject);
        });
        return before(START_MS, found, "ticketd does not listen");
    }
}

function databaseIn(folder: string): string {
    return `sqlite:${join(folder, "t.db")}`;
}

// The key that `ticketd key create` prints, alone on its output.
export async function createKey(database: string, name: string, role: string): Promise<string> {
    const create = ["key", "create", "--database", database, "--name", name, "--role", role];
    const { stdout } = await promisify(execFile)(Daemon.binary(), create, { timeout: START_MS });
    const key = stdout.trimEnd();
    if (!/^tkd_[0-9a-f]{32}_[A-Za-z0-9]{43,}$/.test(key)) throw new Error(`not a key: ${stdout}`);
    return key;
}

async function before<T>(limit_ms: number, promise: Promise<T>, complaint: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
            () => reject(new Error(`${complaint} in ${limit_ms / 1000} s`)),
            limit_ms,
        );
    });
    try {
        return await Promise.race([promise, late]);
    } finally {
        clearTimeout(timer);
    }
}
