// Members of staff: made, changed, disabled; nobody is left without an admin.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { granted, invalid, refused } from "../support/client.ts";
import type { Staff } from "../support/objects.ts";
import { PASSWORD, World } from "../support/world.ts";

let world: World;
let owner: Staff;

before(async () => {
    world = await World.open();
    owner = await world.staff("admin", { email: "Owner@Example.com", name: "The owner" });
});
after(() => world.close());

const path = (staff: Staff, verb = "") => `/v1/staff/${staff.id}${verb}`;
const patch = (staff: Staff, body: object, version = staff.version) =>
    world.admin.patch<Staff>(path(staff), body, { headers: { "If-Match": `"${version}"` } });

describe("staff", () => {
    it("are known by an e-mail in small letters, and shown without a password", async () => {
        assert.equal(owner.email, "owner@example.com");
        const shown = granted(await world.admin.get<Staff>(path(owner)));
        assert.equal(shown.password, undefined);
        assert.equal(shown.event_ids, null);
        assert.ok(!(await world.admin.get("/v1/staff")).text.includes("argon2"));
    });

    it("have an e-mail each, whatever its case", async () => {
        const body = { email: "OWNER@example.COM", name: "Another", role: "viewer" };
        refused(await world.admin.post("/v1/staff", body), "email_taken");
    });

    it("get a password that is made and shown once where none is given", async () => {
        const body = { email: "made@example.com", name: "Made", role: "viewer" };
        const made = granted(await world.admin.post<Staff>("/v1/staff", body), 201);
        assert.match(made.password, /^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/);
        await world.signIn(made.email, made.password);
        assert.equal(granted(await world.admin.get<Staff>(path(made))).password, undefined);
    });

    it("are what staff can be, with an address and a password that can be one", async () => {
        const post = (more: object) =>
            world.admin.post("/v1/staff", {
                email: "new@example.com",
                name: "New",
                role: "viewer",
                ...more,
            });
        invalid(await post({ role: "checkout" }), "/role");
        invalid(await post({ email: "new" }), "/email");
        invalid(await post({ email: "@" + "x".repeat(20) }), "/email");
        invalid(await post({ password: "1234567" }), "/password");
        invalid(await post({ event_ids: [] }), "/event_ids");
    });

    it("are changed from the version that was seen", async () => {
        const staff = await world.staff("viewer");
        const events = [(await world.event()).id, (await world.event()).id];
        const changed = granted(await patch(staff, { role: "box_office", event_ids: events }));
        assert.equal(changed.role, "box_office");
        assert.deepEqual(changed.event_ids, [...events].sort());
        assert.equal(changed.name, staff.name);
        const stale = refused(await patch(staff, { name: "Late" }), "version_mismatch");
        assert.equal((stale.current as Staff).version, changed.version);
        const reply = await world.admin.get<Staff>(path(staff));
        assert.equal(reply.headers["etag"], `"${changed.version}"`);
        assert.deepEqual(reply.json, changed);
        refused(await world.admin.patch(path(staff), { name: "X" }), "precondition_required");
    });

    it("cannot all be kept out: the last admin for all events stays", async () => {
        refused(await world.admin.post(path(owner, "/disable")), "last_admin");
        refused(await patch(owner, { role: "viewer" }), "last_admin");
        refused(await patch(owner, { event_ids: [(await world.event()).id] }), "last_admin");
        const second = await world.staff("admin");
        const disabled = granted(await world.admin.post<Staff>(path(owner, "/disable")));
        assert.notEqual(disabled.disabled_at, null);
        refused(await world.admin.post(path(second, "/disable")), "last_admin");
        const again = granted(await world.admin.post<Staff>(path(owner, "/disable")));
        assert.deepEqual(again, disabled);
        granted(await world.admin.post(path(owner, "/enable")));
        granted(await world.admin.post(path(second, "/disable")));
    });

    it("are not managed by who is limited to events, key or person", async () => {
        const event = await world.event();
        const key = await world.key("admin", [event.id]);
        refused(await key.get("/v1/staff"), "event_out_of_scope");
        const { browser } = await world.signedIn("admin", { event_ids: [event.id] });
        const body = { email: "x@example.com", name: "X", role: "admin" };
        refused(
            await world.nobody.post("/v1/staff", body, { headers: browser }),
            "event_out_of_scope",
        );
        refused(await world.nobody.get("/v1/api-keys", { headers: browser }), "event_out_of_scope");
        const me = granted(await world.nobody.get("/v1/me", { headers: browser }));
        assert.ok(!me.rights.includes("people"));
    });

    it("can be managed by an admin who is signed in", async () => {
        const { browser } = await world.signedIn("admin");
        const body = {
            email: "hired@example.com",
            name: "Hired",
            role: "viewer",
            password: PASSWORD,
        };
        granted(await world.nobody.post("/v1/staff", body, { headers: browser }), 201);
        await world.signIn("hired@example.com");
    });
});
