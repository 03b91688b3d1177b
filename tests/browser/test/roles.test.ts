// What is there for whom: an action that one may not do is absent, and an address that is not theirs says so.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Stage, type Screen } from "../support/stage.ts";

let stage: Stage;
let event: { id: string; types: string[] };
let other: { id: string; types: string[] };

before(async () => {
    stage = await Stage.open();
    event = await stage.event("Midnight Parade", [{ name: "Stalls", initial_inventory: 100 }]);
    other = await stage.event("Harbor Jazz", [{ name: "Floor", initial_inventory: 100 }]);
    for (const ticket_type_id of [event.types[0], other.types[0]])
        await stage.call("POST", "/v1/reservations", { ticket_type_id, quantity: 1 });
});
after(() => stage.close());

const ACTIONS = /^(New event|Add|Remove|Release|Edit|Publish|Feature|Archive|Open a shift|Make)\b/;

async function actions(screen: Screen, path: string): Promise<string[]> {
    await screen.goto(path);
    return screen.page.getByRole("main").getByRole("button", { name: ACTIONS }).allInnerTexts();
}

const menu = (screen: Screen): Promise<string[]> =>
    screen.page.getByRole("navigation", { name: "House" }).getByRole("link").allInnerTexts();

test("a viewer sees everything of an event, and nothing to press", async () => {
    const screen = await stage.signedIn("viewer", "/admin/");
    for (const page of ["", "/inventory", `/inventory/${event.types[0]}`, "/reports", "/audit-log"])
        assert.deepEqual(await actions(screen, `/admin/events/${event.id}${page}`), [], page);
    for (const path of ["/admin/", "/admin/shifts", "/admin/audit-log"])
        assert.deepEqual(await actions(screen, path), [], path);
    assert.deepEqual(await menu(screen), ["All events", "Whole audit log", "Shifts"]);
    for (const path of [`/admin/events/${event.id}/settings`, "/admin/staff", "/admin/api-keys"]) {
        await screen.goto(path);
        await screen.page.getByText("Your role is Viewer").waitFor();
    }
    await screen.close();
});

test("an event manager runs events, not people", async () => {
    const screen = await stage.signedIn("event_manager", "/admin/");
    assert.deepEqual(await actions(screen, "/admin/"), ["New event"]);
    assert.deepEqual(await actions(screen, `/admin/events/${event.id}/inventory`), [
        "Add",
        "Remove",
        "Release",
    ]);
    assert.deepEqual(await menu(screen), ["All events", "Whole audit log", "Shifts"]);
    await screen.goto("/admin/settings");
    await screen.page.getByText("Your role is Event manager").waitFor();
    await screen.close();
});

test("who is there for one event sees that one, and is told of the others that they are not theirs", async () => {
    const account = await stage.account("event_manager", [event.id]);
    const screen = await stage.screen();
    await screen.goto("/admin/sign-in");
    await screen.signIn(account);
    assert.deepEqual(await actions(screen, "/admin/"), []);
    assert.deepEqual(await screen.page.locator(".event-rows .what a").allInnerTexts(), [
        "Midnight Parade",
    ]);
    assert.deepEqual(await actions(screen, `/admin/events/${event.id}/inventory`), [
        "Add",
        "Remove",
        "Release",
    ]);
    for (const page of ["", "/inventory", "/reports", "/audit-log", "/settings"]) {
        await screen.goto(`/admin/events/${other.id}${page}`);
        await screen.page.getByText("This event is not among yours.").waitFor();
    }
    await screen.close();
});

test("an address of nothing says so under a heading", async () => {
    const screen = (await stage.signedIn("viewer", "/admin/nowhere")).expects(/404/);
    await screen.page.getByRole("heading", { level: 1, name: "Not found" }).waitFor();
    await screen.goto(`/admin/events/${event.types[0]}`);
    await screen.page
        .getByRole("alert")
        .filter({ hasText: /Request \w+/ })
        .waitFor();
    assert.equal(await screen.page.locator("h1").count(), 1);
    await screen.close();
});
