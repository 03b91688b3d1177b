// The admin pages as files: names that never change their content, one page for every other path.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { World } from "../support/world.ts";

interface File {
    status: number;
    headers: http.IncomingHttpHeaders;
    body: Buffer;
}

let world: World;

before(async () => {
    world = await World.open();
});
after(() => world.close());

// Beside the client of the other tests: these paths are none of the contract's.
function get(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<File> {
    return new Promise((resolve, reject) => {
        const options = { ...world.daemon.address, path, headers, method, timeout: 10_000 };
        const request = http.request(options, (reply) => {
            const chunks: Buffer[] = [];
            reply.on("data", (chunk: Buffer) => chunks.push(chunk));
            reply.on("error", reject);
            reply.on("end", () =>
                resolve({
                    status: reply.statusCode!,
                    headers: reply.headers,
                    body: Buffer.concat(chunks),
                }),
            );
        });
        request.on("error", reject);
        request.end();
    });
}

async function assets(): Promise<string[]> {
    const { body } = await get("/admin/");
    const found = body.toString().match(/\/admin\/assets\/[\w.-]+/g) ?? [];
    assert.ok(
        found.some((path) => path.endsWith(".js")) && found.some((path) => path.endsWith(".css")),
    );
    return found;
}

describe("the admin pages", () => {
    it("are found from the root and without the last slash", async () => {
        const root = await get("/");
        assert.deepEqual([root.status, root.headers.location], [302, "/admin/"]);
        const folder = await get("/admin");
        assert.deepEqual([folder.status, folder.headers.location], [308, "/admin/"]);
    });

    it("answer every path with the one page, which is asked for again each time", async () => {
        const page = await get("/admin/");
        assert.equal(page.status, 200);
        assert.equal(page.headers["content-type"], "text/html; charset=utf-8");
        assert.equal(page.headers["cache-control"], "no-cache");
        for (const path of [
            "/admin/events/0/inventory",
            "/admin/audit-log?actor=a.b",
            "/admin/x.js",
        ]) {
            const other = await get(path);
            assert.equal(other.status, 200, path);
            assert.ok(other.body.equals(page.body), path);
        }
    });

    it("keep to scripts, styles and fetches of their own", async () => {
        const { headers } = await get("/admin/");
        assert.equal(
            headers["content-security-policy"],
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; " +
                "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        );
        assert.equal(headers["x-content-type-options"], "nosniff");
        assert.equal(headers["referrer-policy"], "same-origin");
    });

    it("name files that are kept for ever", async () => {
        for (const path of await assets()) {
            const { status, headers, body } = await get(path);
            assert.equal(status, 200, path);
            assert.equal(headers["cache-control"], "public, max-age=31536000, immutable", path);
            assert.match(
                headers["content-type"]!,
                /^(text\/(javascript|css); charset=utf-8|image\/)/,
            );
            assert.ok(body.length > 0, path);
        }
    });

    it("say 404 for a file that is gone, so that an old page notices", async () => {
        const gone = await get("/admin/assets/main-00000000.js");
        assert.equal(gone.status, 404);
        assert.equal(gone.headers["content-type"], "application/problem+json");
        for (const path of ["/admin/assets/", "/admin/assets/../index.html", "/administer"])
            assert.equal((await get(path)).status, 404, path);
    });

    it("come compressed to those who take that", async () => {
        for (const path of ["/admin/", ...(await assets())]) {
            const plain = await get(path);
            assert.equal(plain.headers["content-encoding"], undefined);
            for (const accepted of ["gzip", "br, GZIP;q=0.5", "*"]) {
                const small = await get(path, { "Accept-Encoding": accepted });
                assert.equal(small.headers["content-encoding"], "gzip", accepted);
                assert.equal(small.headers.vary, "Accept-Encoding");
                assert.notEqual(small.headers.etag, plain.headers.etag);
                assert.ok(gunzipSync(small.body).equals(plain.body), path);
            }
            for (const accepted of ["identity", "br", "gzip;q=0", "gzip; q=0.00, *", "*;q=0"]) {
                const large = await get(path, { "Accept-Encoding": accepted });
                assert.equal(large.headers["content-encoding"], undefined, accepted);
                assert.equal(large.headers.vary, "Accept-Encoding");
            }
        }
    });

    it("are not sent again to those who have them", async () => {
        const { headers } = await get("/admin/", { "Accept-Encoding": "gzip" });
        const ask = (tag: string, encoding = "gzip") =>
            get("/admin/", { "If-None-Match": tag, "Accept-Encoding": encoding });
        for (const tag of [headers.etag!, `"x", W/${headers.etag}`, "*"]) {
            const known = await ask(tag);
            assert.deepEqual([known.status, known.body.length], [304, 0], tag);
            assert.equal(known.headers.etag, headers.etag);
            assert.equal(known.headers["cache-control"], "no-cache");
        }
        assert.equal((await ask('"x"')).status, 200);
        assert.equal((await ask(headers.etag!, "identity")).status, 200);
    });

    it("answer HEAD with the head alone, and nothing else than GET and HEAD", async () => {
        const page = await get("/admin/");
        const head = await get("/admin/", {}, "HEAD");
        assert.equal(head.status, 200);
        assert.equal(head.headers["content-length"], String(page.body.length));
        assert.equal(head.body.length, 0);
        const post = await get("/admin/", {}, "POST");
        assert.deepEqual([post.status, post.headers.allow], [405, "GET, HEAD"]);
    });
});
