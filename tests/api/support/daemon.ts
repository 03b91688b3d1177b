// A ticketd of our own: started on a fresh database and a free port, stopped politely, its words read.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import { makePlace, type Place } from "./place.ts";

const START_MS = 20_000; // sanitizer builds on a busy machine take their time
const STOP_MS = 20_000;
const SANITIZER = /(Address|Leak|Thread|UndefinedBehavior)Sanitizer|runtime error:/;

type Exit = [code: number | null, signal: NodeJS.Signals | null];

export class Daemon {
    readonly address = { host: "127.0.0.1", port: 0 }; // the port changes with each start
    readonly log: string[] = [];
    private child: ChildProcess | undefined;
    private ended: Promise<Exit> | undefined; // with the last line of its log

    private constructor(
        private readonly place: Place,
        private readonly options: string[],
    ) {}

    static binary(): string {
        return resolve(process.env["TICKETD"] ?? "../../build/ticketd");
    }

    // `prepare` runs before the server does, with the database's address.
    static async start(
        options: string[],
        prepare: (database: string) => Promise<void>,
    ): Promise<Daemon> {
        const daemon = new Daemon(await makePlace(), options);
        try {
            await prepare(daemon.database());
            await daemon.launch();
        } catch (error) {
            daemon.child?.kill("SIGKILL");
            await daemon.place.remove();
            throw error;
        }
        return daemon;
    }

    database(): string {
        return this.place.database;
    }

    async stop(): Promise<void> {
        await this.terminate();
        await this.place.remove();
    }

    // The same database in another process, on another port unless told otherwise.
    async restart({ samePort = false } = {}): Promise<void> {
        await this.terminate();
        await this.launch(samePort ? this.address.port : 0);
    }

    // As a machine that loses its power would, but for what the system still has to write.
    async kill(): Promise<void> {
        this.child!.kill("SIGKILL");
        await this.ended;
    }

    // After kill(): the same database on the same port.
    async launchAgain(): Promise<void> {
        await this.launch(this.address.port);
    }

    private async launch(wanted = 0): Promise<void> {
        const listen = ["--listen", `127.0.0.1:${wanted}`];
        const serve = ["serve", "--database", this.database(), ...listen, ...this.options];
        const child = spawn(Daemon.binary(), serve, { stdio: ["ignore", "ignore", "pipe"] });
        const lines = createInterface({ input: child.stderr! });
        const exit = once(child, "exit") as Promise<Exit>;
        const closed = once(lines, "close");
        this.child = child;
        this.ended = exit.then(async (how) => {
            await closed;
            return how;
        });
        const port = new Promise<number>((found, failed) => {
            lines.on("line", (line) => {
                this.log.push(line);
                const match = /\bevent=listening\b.*\baddress=127\.0\.0\.1:(\d+)/.exec(line);
                if (match !== null) found(Number(match[1]));
            });
            const giveUp = () => failed(new Error(`it did not start:\n${this.log.join("\n")}`));
            this.ended!.then(giveUp, failed);
        });
        this.address.port = await before(START_MS, port, "ticketd does not listen");
    }

    // Exit code 0, and not a line of a sanitizer in the log.
    private async terminate(): Promise<void> {
        this.child!.kill("SIGTERM");
        const complaint = "ticketd does not stop on SIGTERM";
        const [code, signal] = await before(STOP_MS, this.ended!, complaint);
        if (code !== 0 || this.log.some((line) => SANITIZER.test(line)))
            throw new Error(
                `ticketd ended with ${code ?? signal}:\n${this.log.slice(-60).join("\n")}`,
            );
    }
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
        const fail = () => reject(new Error(`${complaint} in ${limit_ms / 1000} s`));
        timer = setTimeout(fail, limit_ms);
    });
    try {
        return await Promise.race([promise, late]);
    } finally {
        clearTimeout(timer);
    }
}
