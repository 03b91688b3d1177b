// contract.mjs - the contract as JSON, and the files that are made of it in src/contract/.
//
// TICKETD_OPENAPI names it (the build makes it of api/openapi.yaml).
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "../src/contract");
const file = resolve(process.env.TICKETD_OPENAPI ?? join(here, "../../../build/api/openapi.json"));

export const contract = JSON.parse(await readFile(file, "utf8"));

/** Whole at any time, and left alone where it is already so: others may be reading it. */
export async function save(name, text) {
    const path = join(folder, name);
    const whole = `// Made from the contract by scripts/.\n${text}`;
    if ((await readFile(path, "utf8").catch(() => "")) === whole) return;
    await mkdir(folder, { recursive: true });
    await writeFile(`${path}.${process.pid}`, whole);
    await rename(`${path}.${process.pid}`, path);
}
