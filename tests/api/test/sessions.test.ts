// Signing in and out: the cookie, whose page may use it, and what ends it.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Client, granted, invalid, type Reply, refused } from "../support/client.ts";
import type { Event, Me, Page, Staff } from "../support/objects.ts";
import { type Browser, cookieOf, PASSWORD, World } from "../support/world.ts";

let world: World;
let nobody: Client;

before(async () => {
    world = await World.open();
    nobody = world.nobody;
    await world.staff("admin", { name: "The owner" });
});
after(() => world.close());

const me = (browser: Browser) => nobody.get<Me>("/v1/me", { headers: browser });
const attempt = (email: string, password: string, headers: Browser = {}) =>
    nobody.post<Me>("/v1/session", { email, password }, { headers });
// The one by which a browser is known again, of the cookies that a sign-in sets.
const browserCookie = (headers: Record<string, string>) =>
    headers["set-cookie"]!.match(/ticketd-browser-[^;]+/)![0];
const headersOf = (reply: Reply<Me>) => (granted(reply, 201), reply.headers);
const venue = (headers: Record<string, string | undefined>) =>
    nobody.post("/v1/venues", { name: "Hall" }, { headers });

describe("signing in", () => {
    it("answers who one is and sets a cookie that pages cannot read and other sites cannot use", async () => {
        const staff = await world.staff("event_manager", { name: "Ann" });
        const reply = await attempt(staff.email.toUpperCase(), PASSWORD);
        const said = granted(reply, 201);
        const cookie = reply.headers["set-cookie"]!;
        assert.match(
            cookie,
            /^ticketd=[A-Za-z0-9]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=604800, ticketd-browser-[0-9a-f]{8}=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=15552000$/,
        );
        assert.deepEqual(said.actor, { kind: "staff", id: staff.id });
        assert.equal(said.name, "Ann");
        assert.equal(said.email, staff.email);
        assert.equal(said.role, "event_manager");
        assert.ok(!said.rights.includes("people") && said.rights.includes("adjust"));
        const idle = Date.parse(said.session_expires_at!) - Date.now();
        assert.ok(Math.abs(idle - 12 * 3_600_000) < 60_000, `${idle} ms`);
        assert.deepEqual(granted(await me({ Cookie: cookieOf(reply.headers) })), said);
    });

    it("says of a wrong password, an unknown e-mail and a disabled person the same", async () => {
        const staff = await world.staff("viewer");
        const gone = await world.staff("viewer");
        granted(await world.admin.post(`/v1/staff/${gone.id}/disable`));
        const replies = [
            await attempt(staff.email, "not the password"),
            await attempt("nobody@example.com", PASSWORD),
            await attempt(gone.email, PASSWORD),
        ];
        const words = replies.map((reply) => refused(reply, "unauthenticated").detail);
        assert.equal(new Set(words).size, 1, words.join("\n"));
        for (const reply of replies) assert.equal(reply.headers["set-cookie"], undefined);
    });

    it("refuses an Idempotency-Key, and a form of another site", async () => {
        const { email } = await world.staff("viewer");
        refused(await attempt(email, PASSWORD, { "Idempotency-Key": "k" }), "bad_header");
        for (const site of ["cross-site", "same-site"])
            refused(await attempt(email, PASSWORD, { "Sec-Fetch-Site": site }), "cross_site");
        refused(await attempt(email, PASSWORD, { Origin: "https://evil.example" }), "cross_site");
    });

    it("is limited for an account, known or not, by what fails and not by what succeeds", async () => {
        const busy = await world.staff("viewer");
        for (let i = 0; i < 12; i++) granted(await attempt(busy.email, PASSWORD), 201);
        for (const email of [busy.email, "somebody@example.com"]) {
            const replies: Reply<Me>[] = [];
            for (let i = 0; i < 11; i++) replies.push(await attempt(email, "wrong"));
            for (const reply of replies.slice(0, 10)) refused(reply, "unauthenticated");
            refused(replies[10]!, "rate_limited");
            const seconds = Number(replies[10]!.headers["retry-after"]);
            assert.ok(seconds > 1 && seconds <= 30, `${seconds} s`);
        }
        refused(await attempt(busy.email, PASSWORD), "rate_limited"); // the right one, too
    });

    it("is open to a browser of that person, and of no other, however many fail elsewhere", async () => {
        const [ann, bob] = [await world.staff("viewer"), await world.staff("viewer")];
        const known = async (email: string, password = PASSWORD) =>
            browserCookie(headersOf(await attempt(email, password)));
        const [anns, bobs] = [await known(ann.email), await known(bob.email)];
        for (let i = 0; i < 10; i++) refused(await attempt(ann.email, "wrong"), "unauthenticated");
        refused(await attempt(ann.email, PASSWORD), "rate_limited");
        const forged = anns.slice(0, -1) + (anns.endsWith("A") ? "B" : "A");
        for (const Cookie of [bobs, bobs.replace(/=.*/, anns.replace(/.*=/, "=")), forged, "x"])
            refused(await attempt(ann.email, PASSWORD, { Cookie }), "rate_limited");
        for (let i = 0; i < 12; i++)
            granted(await attempt(ann.email, PASSWORD, { Cookie: `${bobs}; ${anns}` }), 201);
        // It is no way to try passwords out, either.
        for (let i = 0; i < 10; i++)
            refused(await attempt(ann.email, "wrong", { Cookie: anns }), "unauthenticated");
        refused(await attempt(ann.email, PASSWORD, { Cookie: anns }), "rate_limited");
    });

    it("is open to a browser of that person until the password is another", async () => {
        const ann = await world.staff("viewer");
        const Cookie = browserCookie(headersOf(await attempt(ann.email, PASSWORD)));
        for (let i = 0; i < 10; i++) refused(await attempt(ann.email, "wrong"), "unauthenticated");
        granted(await attempt(ann.email, PASSWORD, { Cookie }), 201);
        granted(
            await world.admin.post(`/v1/staff/${ann.id}/password`, { password: "another one" }),
        );
        refused(await attempt(ann.email, "another one", { Cookie }), "rate_limited");
    });

    it("is not to be made to seem another's who names an address in a header", async () => {
        const { email } = await world.staff("viewer");
        for (let i = 0; i < 10; i++) {
            const headers = { "X-Forwarded-For": `198.51.100.${i}` };
            refused(await attempt(email, "wrong", headers), "unauthenticated");
        }
        refused(await attempt(email, "wrong", { "X-Forwarded-For": "192.0.2.9" }), "rate_limited");
    });

    it("is busy where more come than can be judged, and says when to come again", async () => {
        const replies = await Promise.all(
            Array.from({ length: 50 }, (_, i) => attempt(`crowd${i}@example.com`, "wrong")),
        );
        const busy = replies.filter((reply) => reply.status === 503);
        assert.ok(busy.length > 0, "none was busy");
        for (const reply of busy) {
            refused(reply, "busy");
            assert.ok(Number(reply.headers["retry-after"]) >= 1);
        }
        const judged = replies.filter((reply) => reply.status !== 503);
        assert.ok(judged.length >= 24, `${judged.length} judged`);
        for (const reply of judged) refused(reply, "unauthenticated");
    });

    it("has room for who has been here before while a crowd tries passwords out", async () => {
        const { email } = await world.staff("viewer");
        const Cookie = browserCookie(headersOf(await attempt(email, PASSWORD)));
        let over = false;
        let told: () => void;
        const full = new Promise<void>((done) => (told = done));
        const stranger = async (i: number) => {
            for (let k = 0; !over; k++) {
                const reply = await attempt(`crowd${i}.${k}@example.com`, "wrong");
                if (reply.status === 503) told();
            }
        };
        const crowd = Array.from({ length: 30 }, (_, i) => stranger(i));
        try {
            await Promise.race([full, Promise.all(crowd)]);
            const known = [1, 2, 3].map(() => attempt(email, PASSWORD, { Cookie }));
            for (const reply of await Promise.all(known)) granted(reply, 201);
        } finally {
            over = true;
            await Promise.allSettled(crowd);
        }
    });

    it("takes about as long for an unknown e-mail as for a wrong password", async () => {
        const { email } = await world.staff("viewer");
        const time = async (who: string): Promise<number> => {
            const times = [];
            for (let i = 0; i < 5; i++) {
                const start = performance.now();
                refused(await attempt(who, "wrong"), "unauthenticated");
                times.push(performance.now() - start);
            }
            return Math.min(...times); // without a hash it is a fiftieth
        };
        const [known, unknown] = [await time(email), await time("no-one@example.com")];
        assert.ok(unknown > known / 5 && known > unknown / 5, `${known} ms and ${unknown} ms`);
    });
});

describe("a cookie", () => {
    it("lets a page of ours write, by Sec-Fetch-Site or, without that, by Origin", async () => {
        const { browser } = await world.signedIn("admin");
        const { Cookie } = browser;
        const { host, port } = nobody.address;
        granted(await venue(browser), 201);
        granted(await venue({ Cookie, "Sec-Fetch-Site": "none" }), 201);
        granted(await venue({ Cookie, Origin: `http://${host}:${port}` }), 201);
        refused(await venue({ Cookie }), "cross_site");
        refused(await venue({ Cookie, Origin: "null" }), "cross_site");
        refused(await venue({ Cookie, Origin: `http://${host}:${port + 1}` }), "cross_site");
        refused(await venue({ Cookie, Origin: `http://evil.example` }), "cross_site");
        for (const site of ["cross-site", "same-site", "", "Same-Origin"])
            refused(
                await venue({
                    Cookie,
                    "Sec-Fetch-Site": site,
                    Origin: `http://${host}:${port}`,
                }),
                "cross_site",
            );
        granted(await nobody.get("/v1/venues", { headers: { Cookie } })); // reading is harmless
    });

    it("is nothing beside a key, and a wrong one is 401", async () => {
        const { browser } = await world.signedIn("viewer");
        const both = granted(await world.admin.get<Me>("/v1/me", { headers: browser }));
        assert.equal(both.actor.kind, "key");
        assert.equal(both.name, "the tests");
        refused(await me({ Cookie: `ticketd=${"A".repeat(43)}` }), "unauthenticated");
        refused(await me({ Cookie: "ticketd=short" }), "unauthenticated");
        refused(await me({}), "unauthenticated");
        const other = { Cookie: `a=b; ${browser["Cookie"]}; ticketd2=x` };
        assert.equal(granted(await me(other)).actor.kind, "staff");
    });

    it("outlives the server", async () => {
        const { browser } = await world.signedIn("viewer");
        await world.daemon.restart();
        assert.equal(granted(await me(browser)).role, "viewer");
    });
});

describe("a session", () => {
    it("ends by signing out, alone, and the cookie goes", async () => {
        const { staff, browser } = await world.signedIn("viewer");
        const other = await world.signIn(staff.email);
        refused(
            await nobody.request("DELETE", "/v1/session", {
                headers: { Cookie: browser["Cookie"] },
            }),
            "cross_site",
        );
        const reply = await nobody.request("DELETE", "/v1/session", { headers: browser });
        assert.equal(reply.status, 204);
        assert.match(reply.headers["set-cookie"]!, /^ticketd=; .*Max-Age=0$/);
        refused(await me(browser), "unauthenticated");
        granted(await me(other));
        // With a key beside it, it is the cookie's session that ends all the same.
        const both = await world.admin.request("DELETE", "/v1/session", { headers: other });
        assert.equal(both.status, 204);
        refused(await me(other), "unauthenticated");
        // Signing out twice, or without a cookie, is no error.
        assert.equal(
            (await nobody.request("DELETE", "/v1/session", { headers: browser })).status,
            204,
        );
        assert.equal((await nobody.request("DELETE", "/v1/session")).status, 204);
    });

    it("ends when the person is disabled, in the middle of it, and does not come back", async () => {
        const { staff, browser } = await world.signedIn("admin");
        granted(await venue(browser), 201);
        granted(await world.admin.post(`/v1/staff/${staff.id}/disable`));
        refused(await venue(browser), "unauthenticated");
        refused(await attempt(staff.email, PASSWORD), "unauthenticated");
        granted(await world.admin.post(`/v1/staff/${staff.id}/enable`));
        refused(await me(browser), "unauthenticated");
        granted(await attempt(staff.email, PASSWORD), 201);
    });

    it("ends when an admin sets a new password", async () => {
        const { staff, browser } = await world.signedIn("viewer");
        const { password } = granted(
            await world.admin.post<Staff>(`/v1/staff/${staff.id}/password`, {}),
        );
        assert.match(password, /^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/);
        refused(await me(browser), "unauthenticated");
        refused(await attempt(staff.email, PASSWORD), "unauthenticated");
        granted(await attempt(staff.email, password), 201);
    });

    it("goes on in a new one when the person changes the password, and the others end", async () => {
        const { staff, browser } = await world.signedIn("viewer");
        const other = await world.signIn(staff.email);
        const change = (current_password: string, new_password: string) =>
            nobody.post(
                "/v1/me/password",
                { current_password, new_password },
                { headers: browser },
            );
        invalid(await change("wrong", "long enough"), "/current_password");
        invalid(await change(PASSWORD, "short"), "/new_password");
        granted(await me(other));
        const reply = await change(PASSWORD, "long enough");
        assert.equal(reply.status, 204);
        const next = { Cookie: cookieOf(reply.headers) };
        assert.equal(granted(await me(next)).email, staff.email);
        refused(await me(browser), "unauthenticated");
        refused(await me(other), "unauthenticated");
        refused(await attempt(staff.email, PASSWORD), "unauthenticated");
        granted(await attempt(staff.email, "long enough"), 201);
        const key = await world.admin.post("/v1/me/password", {
            current_password: PASSWORD,
            new_password: PASSWORD,
        });
        refused(key, "role_required");
    });

    it("has the role of now, for the events of now", async () => {
        const [here, there] = [await world.event(), await world.event()];
        const { staff, browser } = await world.signedIn("event_manager", {
            event_ids: [here.id],
        });
        const rename = async (event: Event) =>
            nobody.patch(
                `/v1/events/${event.id}`,
                { featured: true },
                {
                    headers: {
                        ...browser,
                        "If-Match": (await world.admin.get(`/v1/events/${event.id}`)).headers[
                            "etag"
                        ],
                    },
                },
            );
        granted(await rename(here));
        refused(await rename(there), "event_out_of_scope");
        refused(await venue(browser), "event_out_of_scope");
        granted(
            await world.admin.patch(
                `/v1/staff/${staff.id}`,
                { event_ids: null, role: "viewer" },
                { headers: { "If-Match": '"1"' } },
            ),
        );
        refused(await rename(here), "role_required");
        assert.equal(granted(await me(browser)).event_ids, null);
        const list = await nobody.get<Page<Staff>>("/v1/staff", { headers: browser });
        refused(list, "role_required");
    });

    it("names the person in the audit log", async () => {
        const type = await world.type();
        const { staff, browser } = await world.signedIn("event_manager");
        const increase = { quantity: 3, reason: "three more chairs" };
        granted(
            await nobody.post(`/v1/ticket-types/${type.id}/increase`, increase, {
                headers: { ...browser, "Idempotency-Key": "chairs" },
            }),
        );
        const replayed = await nobody.post(`/v1/ticket-types/${type.id}/increase`, increase, {
            headers: { ...browser, "Idempotency-Key": "chairs" },
        });
        assert.equal(replayed.headers["idempotency-replayed"], "true");
        const entry = (await world.log(type)).at(-1)!;
        assert.deepEqual(entry.actor, { kind: "staff", id: staff.id, name: staff.name });
        const seen = granted(await world.admin.get<Staff>(`/v1/staff/${staff.id}`));
        assert.ok(Math.abs(Date.parse(seen.last_seen_at!) - Date.now()) < 60_000);
    });
});

describe("behind a proxy", () => {
    it("a flood from one address keeps nobody out at another", async () => {
        const served = await World.open(["--trusted-proxy", "127.0.0.0/8,2001:db8::1"]);
        try {
            const { email } = await served.staff("admin");
            const from = (address: string, password: string, who = email) =>
                served.nobody.post<Me>(
                    "/v1/session",
                    { email: who, password },
                    { headers: { "X-Forwarded-For": address } },
                );
            // What a client says of itself stands further left.
            for (let i = 0; i < 10; i++)
                refused(await from(`192.0.2.${i}, 198.51.100.1`, "wrong"), "unauthenticated");
            refused(await from("192.0.2.99, 198.51.100.1", PASSWORD), "rate_limited");
            granted(await from("198.51.100.2", PASSWORD), 201);
            granted(await from("198.51.100.3, 2001:db8::1, 127.0.0.9", PASSWORD), 201);
            // One network of IPv6 is one client.
            for (let i = 0; i < 10; i++)
                refused(await from(`2001:db8:5::${i}`, "wrong"), "unauthenticated");
            refused(await from("2001:db8:5::ffff", PASSWORD), "rate_limited");
            granted(await from("2001:db8:5:1::1", PASSWORD), 201);
        } finally {
            await served.close();
        }
    });
});

describe("behind https", () => {
    it("the cookie is for this host and https only, and the served origin is the public one", async () => {
        const served = await World.open(["--public-url", "https://tickets.example"]);
        try {
            const staff = await served.staff("admin");
            const reply = await served.nobody.post("/v1/session", {
                email: staff.email,
                password: PASSWORD,
            });
            const cookie = reply.headers["set-cookie"]!;
            assert.match(
                cookie,
                /^__Host-ticketd=[^;]+; Path=\/; HttpOnly; SameSite=Strict; Secure;/,
            );
            const ask = (Origin: string) =>
                served.nobody.post(
                    "/v1/venues",
                    { name: "Hall" },
                    { headers: { Cookie: cookieOf(reply.headers), Origin } },
                );
            granted(await ask("https://tickets.example"), 201);
            const { host, port } = served.nobody.address;
            refused(await ask(`http://${host}:${port}`), "cross_site");
            refused(await ask("http://tickets.example"), "cross_site");
        } finally {
            await served.close();
        }
    });
});
