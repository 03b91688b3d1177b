import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { granted, invalid, refused } from "../support/client.ts";
import type { Page, Venue } from "../support/objects.ts";
import { World } from "../support/world.ts";

let world: World;

before(async () => {
    world = await World.open();
});
after(() => world.close());

const make = async (settings: object = {}): Promise<Venue> =>
    granted(await world.admin.post<Venue>("/v1/venues", { name: "Town hall", ...settings }), 201);

const change = (venue: Venue, body: object) =>
    world.admin.patch<Venue>(`/v1/venues/${venue.id}`, body, {
        headers: { "If-Match": `"${venue.version}"` },
    });

describe("a venue", () => {
    it("is created, read and changed", async () => {
        const venue = await make({ address: "1 Main Street", time_zone: "Europe/Paris" });
        assert.deepEqual(
            [venue.address, venue.time_zone, venue.version],
            ["1 Main Street", "Europe/Paris", 1],
        );
        const changed = granted(await change(venue, { name: "City hall", address: null }));
        assert.deepEqual(
            [changed.name, changed.address, changed.time_zone],
            ["City hall", null, "Europe/Paris"],
        );
        const read = await world.nobody.get<Venue>(`/v1/venues/${venue.id}`);
        assert.deepEqual(granted(read), changed);
        assert.equal(read.headers["etag"], '"2"');
    });

    it("needs a name, a time zone that exists, and nothing else", async () => {
        invalid(await world.admin.post("/v1/venues", {}), "/name");
        invalid(await world.admin.post("/v1/venues", { name: " " }), "/name");
        invalid(
            await world.admin.post("/v1/venues", { name: "X", time_zone: "Nowhere" }),
            "/time_zone",
        );
        const bare = await make();
        assert.deepEqual([bare.address, bare.time_zone], [null, null]);
    });

    it("is 428 without If-Match, and 412 with the current object for an old one", async () => {
        const venue = await make();
        refused(
            await world.admin.patch(`/v1/venues/${venue.id}`, { name: "X" }),
            "precondition_required",
        );
        const changed = granted(await change(venue, { name: "X" }));
        refused(await change(venue, { name: "Y" }), "version_mismatch", { current: changed });
    });

    it("is archived and unarchived, and does not change meanwhile", async () => {
        const venue = await make();
        const archived = granted(await world.admin.post<Venue>(`/v1/venues/${venue.id}/archive`));
        assert.notEqual(archived.archived_at, null);
        refused(await change(archived, { name: "X" }), "archived");
        refused(await world.nobody.get(`/v1/venues/${venue.id}`), "not_found");
        const again = granted(await world.admin.post<Venue>(`/v1/venues/${venue.id}/archive`));
        assert.deepEqual(again, archived);
        const back = granted(await world.admin.post<Venue>(`/v1/venues/${venue.id}/unarchive`));
        assert.equal(back.archived_at, null);
        granted(await change(back, { name: "X" }));
    });

    it("is listed by name and found by a part of it", async () => {
        const mark = randomUUID();
        for (const name of ["c", "a", "b"]) await make({ name: `${name} ${mark}` });
        const query = { q: mark.toUpperCase() };
        const { data } = granted(await world.nobody.get<Page<Venue>>("/v1/venues", { query }));
        assert.deepEqual(
            data.map((venue) => venue.name[0]),
            ["a", "b", "c"],
        );
        granted(await world.admin.post(`/v1/venues/${data[0]!.id}/archive`));
        const shown = granted(await world.nobody.get<Page<Venue>>("/v1/venues", { query }));
        assert.deepEqual(
            shown.data.map((venue) => venue.name[0]),
            ["b", "c"],
        );
        assert.equal(
            granted(await world.admin.get<Page<Venue>>("/v1/venues", { query })).data.length,
            3,
        );
    });

    it("that does not exist is 404", async () => {
        const path = `/v1/venues/${randomUUID()}`;
        refused(await world.admin.get(path), "not_found");
        refused(
            await world.admin.patch(path, { name: "X" }, { headers: { "If-Match": '"1"' } }),
            "not_found",
        );
        refused(await world.admin.post(`${path}/archive`), "not_found");
        refused(await world.admin.post(`${path}/unarchive`), "not_found");
    });
});
