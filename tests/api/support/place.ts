// Where a server keeps its rows: a file of its own, or, below with_postgres, a copy of the database that
// tests/api/run has migrated.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Place {
    readonly database: string; // as ticketd's --database names it
    remove(): Promise<void>;
}

export async function makePlace(): Promise<Place> {
    const maintenance = process.env["TICKETD_TEST_POSTGRES"];
    return maintenance === undefined ? inFile() : inPostgres(maintenance);
}

async function inFile(): Promise<Place> {
    const folder = await mkdtemp(join(tmpdir(), "ticketd-api-"));
    return {
        database: `sqlite:${join(folder, "t.db")}`,
        remove: () => rm(folder, { recursive: true, force: true }),
    };
}

async function inPostgres(maintenance: string): Promise<Place> {
    const sql = (text: string) => promisify(execFile)("psql", ["-qXc", text, maintenance]);
    const name = `api_${randomBytes(8).toString("hex")}`;
    await sql(`CREATE DATABASE ${name} TEMPLATE ${process.env["TICKETD_TEST_TEMPLATE"]}`);
    const url = new URL(maintenance);
    url.pathname = `/${name}`;
    return {
        database: url.href,
        remove: async () => void (await sql(`DROP DATABASE ${name} WITH (FORCE)`)),
    };
}
