// Bytes that are not HTTP as it should be: a problem, a close, and the server as it was.
import assert from "node:assert/strict";
import net from "node:net";
import { after, before, describe, it } from "node:test";
import { granted } from "../support/client.ts";
import { World } from "../support/world.ts";

let world: World;

before(async () => {
    world = await World.open();
});
after(() => world.close());

describe("bytes that are not HTTP", () => {
    // Sends the bytes as they are; the answer until the server closes.
    function raw(bytes: string): Promise<string> {
        return new Promise((resolve, reject) => {
            const socket = net.connect(world.daemon.address.port, "127.0.0.1", () =>
                socket.write(bytes, "latin1"),
            );
            let text = "";
            socket.setTimeout(10_000, () => socket.destroy(new Error(`no end: ${text}`)));
            socket.on("data", (chunk) => (text += chunk.toString("latin1")));
            socket.on("error", reject);
            socket.on("close", () => resolve(text));
        });
    }

    const cases: Record<string, [string, number]> = {
        "a request line that is none": ["HELLO\r\n\r\n", 400],
        "no Host": ["GET /healthz HTTP/1.1\r\n\r\n", 400],
        "two Hosts": ["GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400],
        "Content-Length with chunks": [
            "POST /v1/carts HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ],
        "two lengths": [
            "POST /v1/carts HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
            400,
        ],
        "a signed length": [
            "POST /v1/carts HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\n{}",
            400,
        ],
        "a folded header": ["GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400],
        "a space before the colon": ["GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n", 400],
        "NUL in a header": ["GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400],
        "a version to come": ["GET /healthz HTTP/3.0\r\nHost: a\r\n\r\n", 505],
    };
    for (const [name, [bytes, status]] of Object.entries(cases)) {
        it(`(${name}) are answered with a problem and a close`, async () => {
            const reply = await raw(bytes);
            assert.match(reply, new RegExp(`^HTTP/1\\.1 (${status}|400) `), reply);
            assert.match(reply, /^content-type: application\/problem\+json/im);
            assert.match(reply, /"code":"[a-z_]+"/);
        });
    }

    it("leave the server as it was", async () => {
        granted(await world.nobody.get("/healthz"));
    });
});
