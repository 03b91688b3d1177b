// The package as somebody gets it: packed, installed into an empty folder, and used there in each of the ways
// it is meant for.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";

const tools = resolve("node_modules/.bin");
let folder: string;

const run = (program: string, ...words: string[]): string =>
    execFileSync(program, words, { cwd: folder, encoding: "utf8", stdio: "pipe" });

before(async () => {
    folder = await mkdtemp(join(tmpdir(), "ticketd-package-"));
    execFileSync("npm", ["run", "--silent", "build"], { stdio: "pipe" });
    execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { stdio: "pipe" });
    const packed = (await readdir(folder)).find((name) => name.endsWith(".tgz"))!;
    await writeFile(join(folder, "package.json"), '{"private": true, "type": "module"}');
    run("npm", "install", "--offline", "--no-audit", "--no-fund", "--silent", `./${packed}`);
    await writeFile(
        join(folder, "shop.ts"),
        `import { createClient, TicketdError, type Client, type Schemas } from "@ticketd/client";
         import { reserveTickets } from "@ticketd/client/inventory";
         const client: Client = createClient({ baseUrl: "http://127.0.0.1:1", retry: { attempts: 1 } });
         export async function available(id: string): Promise<Schemas["Availability"]["available"]> {
             return (await client.ticketTypes.availability(id)).available;
         }
         export const log: Promise<string> = client.auditLog.list.csv({ limit: 1 });
         // @ts-expect-error: CSV is asked for by .csv()
         export const rows = client.auditLog.list({ format: "csv" });
         export const refused = (error: unknown) => error instanceof TicketdError && error.code === "not_found";
         export const { success } = await reserveTickets("an id", 2);
        `,
    );
});
after(() => rm(folder, { recursive: true }));

test("the package has its licence, and nothing but what is used", async () => {
    const inside = join(folder, "node_modules/@ticketd/client");
    assert.deepEqual((await readdir(inside)).sort(), [
        "LICENSE",
        "README.md",
        "dist",
        "package.json",
    ]);
});

test("plain node imports both entries", () => {
    const program = `import { createClient } from "@ticketd/client";
        import { reserveTickets } from "@ticketd/client/inventory";
        console.log(typeof createClient().reservations.create, typeof reserveTickets);`;
    assert.equal(
        run(process.execPath, "--input-type=module", "-e", program),
        "function function\n",
    );
});

for (const [resolution, module] of [
    ["bundler", "esnext"],
    ["node16", "node16"],
] as const)
    test(`strict TypeScript finds the types with moduleResolution ${resolution}`, () => {
        const words = ["--strict", "--noEmit", "--skipLibCheck", "--target", "es2022"];
        const found = ["--moduleResolution", resolution, "--module", module];
        assert.equal(run(join(tools, "tsc"), ...words, ...found, "shop.ts"), "");
    });

test("a bundle for browsers holds the client alone, and what is not used is left out", async () => {
    const bundle = (text: string) =>
        execFileSync(
            join(tools, "esbuild"),
            ["--bundle", "--format=esm", "--platform=browser", "--minify"],
            { cwd: folder, input: text, encoding: "utf8" },
        );
    const whole = bundle('import { createClient } from "@ticketd/client"; createClient();');
    assert.ok(whole.includes("Idempotency-Key"));
    assert.ok(!whole.includes("TICKETD_KEY"));
    const unused = bundle('import { createClient } from "@ticketd/client"; console.log(1);');
    assert.equal(unused.trim(), "console.log(1);");
});
