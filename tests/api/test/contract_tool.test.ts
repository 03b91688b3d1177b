// tools/contract: a contract that does not hold together must not build.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, describe, it } from "node:test";

const tool = resolve(process.env["TICKETD_CONTRACT_TOOL"] ?? "../../build/tools/contract");
const folder = mkdtempSync(join(tmpdir(), "ticketd-contract-"));
const [yaml, json, table] = ["a.yaml", "a.json", "a.inc"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
];

after(() => rmSync(folder, { recursive: true }));

function operation(...lines: string[]): string {
    return ["paths:", "  /a:", "    get:", ...lines.map((line) => `      ${line}`), ""].join("\n");
}

function build(text: string): { json: unknown; table: string } {
    writeFileSync(yaml, text);
    execFileSync(tool, [yaml, json, table]);
    return { json: JSON.parse(readFileSync(json, "utf8")), table: readFileSync(table, "utf8") };
}

function refuses(text: string, line: number, why: RegExp): void {
    writeFileSync(yaml, text);
    const { status, stderr } = spawnSync(tool, [yaml, json, table], { encoding: "utf8" });
    assert.equal(status, 1, "it was taken");
    assert.match(stderr, why);
    assert.ok(stderr.startsWith(`${yaml}:${line}: `), stderr);
}

describe("the contract tool", () => {
    it("keeps the types of plain values and the text of quoted ones", () => {
        const values =
            'x: [1, -1.5, 0, true, false, null, ~, yes, 0x1f, 01, "1", \'true\', "a\\tb\\"", é]';
        const { json } = build(operation("operationId: a", "x-right: none", values));
        const expected = [
            1,
            -1.5,
            0,
            true,
            false,
            null,
            null,
            "yes",
            "0x1f",
            "01",
            "1",
            "true",
            'a\tb"',
            "é",
        ];
        assert.deepEqual((json as any).paths["/a"].get.x, expected);
    });

    it("writes a line per operation in the order of the file", () => {
        const more = "    post: {operationId: b_make, x-right: reserve}\n";
        const { table } = build(operation("operationId: a_get", "x-right: public_read") + more);
        assert.equal(
            table,
            'ROUTE(GET, "/a", a_get, RIGHT_PUBLIC_READ)\nROUTE(POST, "/a", b_make, RIGHT_RESERVE)\n',
        );
    });

    it("refuses an operation without an operationId", () => {
        refuses(operation("x-right: none"), 3, /no operationId/);
    });

    it("refuses an operationId that is not a name in C", () => {
        refuses(operation("operationId: a-b", "x-right: none"), 4, /not snake_case/);
    });

    it("refuses an operationId that is used twice", () => {
        const twice = "    put: {operationId: a, x-right: none}\n";
        refuses(operation("operationId: a", "x-right: none") + twice, 6, /used twice/);
    });

    it("refuses an operation without a right, and a right that there is not", () => {
        refuses(operation("operationId: a"), 3, /no x-right/);
        refuses(operation("operationId: a", "x-right: everyone"), 5, /not one of the rights/);
    });

    it("refuses a $ref that leads nowhere", () => {
        refuses(
            operation("operationId: a", "x-right: none", "x: {$ref: '#/paths/~1b'}"),
            6,
            /leads nowhere/,
        );
        refuses(
            operation("operationId: a", "x-right: none", "x: {$ref: 'other.yaml'}"),
            6,
            /leads nowhere/,
        );
        build(operation("operationId: a", "x-right: none", "x: {$ref: '#/paths/~1a'}"));
    });

    it("refuses anchors and aliases", () => {
        refuses(operation("operationId: &name a", "x-right: none"), 4, /anchors and aliases/);
    });

    it("refuses a member that is there twice", () => {
        refuses(operation("operationId: a", "x-right: none", "x-right: people"), 6, /here twice/);
    });

    it("refuses what is not YAML, an empty file, and one without paths", () => {
        refuses("paths: [\n", 2, /./);
        refuses("", 1, /empty/);
        refuses("openapi: 3.1.0\n", 1, /no paths/);
    });
});
