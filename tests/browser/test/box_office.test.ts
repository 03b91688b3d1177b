// Selling at the door with a finger: two taps a sale, exact however fast, and never twice.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Stage, type Account, type Screen, type ScreenOptions } from "../support/stage.ts";
import { action, atTill, entries, quantity, sold, soldBecomes, tapFast } from "../support/till.ts";
import { tile } from "../support/till.ts";

let stage: Stage;
let cashier: Account;

before(async () => {
    stage = await Stage.open();
    cashier = await stage.account("box_office");
});
after(() => stage.close());

const GENERAL = { name: "General admission", initial_inventory: 100 };

const atTheTill = (event: string, options?: ScreenOptions): Promise<Screen> =>
    atTill(stage, cashier, event, options);

test("two taps sell one ticket", async () => {
    const { id, types } = await stage.event("Two taps", [GENERAL]);
    const screen = await atTheTill(id);
    await tile(screen, /General admission/).tap();
    await action(screen, "Cash").tap();
    await soldBecomes(stage, types[0]!, 1);
    await action(screen, "Undo").waitFor();
    await screen.close();
});

test("what a manager changes shows while one sells: a new type, a price, an end", async () => {
    const { id, types } = await stage.event("Changes", [
        GENERAL,
        { name: "Student", price: 1500, initial_inventory: 100 },
    ]);
    const screen = await atTheTill(id);
    await tile(screen, /Student/).tap();
    const added = { name: "Last minute", price: 500, initial_inventory: 9 };
    await stage.call("POST", `/v1/events/${id}/ticket-types`, added);
    await tile(screen, /Last minute/).waitFor();
    await stage.call("PATCH", `/v1/ticket-types/${types[0]}`, { price: 4200 }, '"1"');
    await stage.call("POST", `/v1/ticket-types/${types[1]}/archive`);
    const comeBack = () => document.dispatchEvent(new Event("visibilitychange"));
    await screen.page.evaluate(comeBack);
    await tile(screen, /General admission.*\$42/).waitFor();
    await tile(screen, /Student/).waitFor({ state: "detached" });
    assert.equal(await quantity(screen, "Student").textContent(), "1");
    await screen.close();
});

test("taps in a burst are that many tickets, and two on Card are one sale", async () => {
    const { id, types } = await stage.event("Many taps", [
        GENERAL,
        { name: "Student", price: 1500, initial_inventory: 100 },
    ]);
    const screen = await atTheTill(id);
    await tapFast(tile(screen, /General admission/), 23);
    await tapFast(tile(screen, /Student/), 7);
    await tapFast(action(screen, "Card"), 3);
    await soldBecomes(stage, types[0]!, 23);
    assert.equal(await sold(stage, types[1]!), 7);
    await action(screen, "Undo").waitFor();
    assert.equal((await entries(stage, id, "sale")).length, 2);
    await screen.close();
});

test("of two who fight for the last ticket one gets it, and the other is told", async () => {
    const { id, types } = await stage.event("The last one", [
        { name: "General admission", initial_inventory: 1 },
    ]);
    const screens = await Promise.all([1, 2].map(async () => (await atTheTill(id)).expects(/409/)));
    await Promise.all(screens.map((screen) => tile(screen, /General admission/).tap()));
    const total = () =>
        Promise.all(screens.map((screen) => quantity(screen, "General admission").count()));
    for (let i = 0; i < 100 && (await total()).reduce((a, b) => a + b) !== 1; i++)
        await new Promise((done) => setTimeout(done, 50));
    const winner = (await total()).indexOf(1);
    assert.notEqual(winner, -1);
    await tile(screens[1 - winner]!, /Sold out/).waitFor();
    await action(screens[winner]!, "Cash").tap();
    await soldBecomes(stage, types[0]!, 1);
    for (const screen of screens) await screen.close();
});

test("fewer tickets than were tapped are not sold by a tap that was under way", async () => {
    const { id, types } = await stage.event("Two of three", [
        { name: "General admission", initial_inventory: 3 },
    ]);
    const screen = (await atTheTill(id)).expects(/409|ERR_FAILED/);
    // It hears of nothing that happens elsewhere.
    await screen.page.route("**/v1/stream?**", (route) => route.abort());
    await screen.page.reload();
    await tile(screen, /3 left/).waitFor();
    await stage.call("POST", "/v1/reservations", { ticket_type_id: types[0], quantity: 1 });
    // The finger comes down as soon as the notice is there.
    await action(screen, "Cash").evaluate((cash: HTMLElement) => {
        const seen = new MutationObserver(() => {
            if (!/Only 2/.test(document.body.innerText)) return;
            cash.click();
            cash.dataset["tapped"] = "yes";
        });
        seen.observe(document.body, { childList: true, subtree: true });
    });
    await tapFast(tile(screen, /General admission/), 3);
    await screen.page.locator("[data-tapped]").waitFor();
    await screen.page.getByText("Only 2 General admission left.").waitFor();
    assert.equal(await quantity(screen, "General admission").textContent(), "2");
    assert.equal(await sold(stage, types[0]!), 0);
    await screen.close();
});

test("a server that is killed in the middle of a sale sells it once", async () => {
    const { id, types } = await stage.event("Killed", [GENERAL]);
    const screen = (await atTheTill(id)).expects(/ERR_|Failed to load|net::/);
    const reserved = screen.page.waitForResponse((reply) => reply.url().endsWith("/v1/carts"));
    await tile(screen, /General admission/).tap();
    await reserved;
    await stage.daemon.kill();
    await action(screen, "Cash").tap();
    await screen.page.getByText(/Sending/).waitFor();
    await stage.daemon.launchAgain();
    await soldBecomes(stage, types[0]!, 1);
    await action(screen, "Undo").waitFor();
    assert.equal((await entries(stage, id, "sale")).length, 1);
    await screen.close();
});

test("a sale whose reply is lost says that it is being sent, while the next one is tapped, and sells once", async () => {
    const { id, types } = await stage.event("No reply", [GENERAL]);
    const screen = (await atTheTill(id)).expects(/ERR_FAILED/);
    let lost = 0;
    await screen.page.route("**/complete", async (route) => {
        if (lost++ > 0) return route.continue();
        await route.fetch();
        return route.abort();
    });
    await tile(screen, /General admission/).tap();
    await action(screen, "Cash").tap();
    await screen.page.getByText("Sending… $25.00 cash").waitFor();
    await tapFast(tile(screen, /General admission/), 2);
    await action(screen, "Undo").waitFor();
    assert.ok(lost > 1);
    assert.equal(await sold(stage, types[0]!), 1);
    assert.equal(await quantity(screen, "General admission").textContent(), "2");
    await screen.close();
});

test("a line about to run out turns amber, then waits for Reserve again", async () => {
    const { id, types } = await stage.event("Runs out", [GENERAL]);
    const screen = await atTheTill(id);
    const { page } = screen;
    await page.clock.install();
    await page.reload();
    await tile(screen, /General admission/).tap();
    await page.getByText(/Reserved [45]:/).waitFor();
    await page.clock.fastForward(280_000);
    await page.getByText(/Runs out in 0:(1\d|20)/).waitFor();
    assert.equal(await page.locator(".lines .amber").count(), 1);
    await page.clock.fastForward(25_000);
    await page.getByText("No longer reserved").waitFor();
    await action(screen, "Reserve again").tap();
    await page.getByText(/Reserved [45]:/).waitFor();
    await action(screen, "Card").tap();
    await soldBecomes(stage, types[0]!, 1);
    await screen.close();
});

test("a page that is loaded again in the middle of a sale has its lines, and sells them once", async () => {
    const { id, types } = await stage.event("Reload", [GENERAL]);
    const screen = await atTheTill(id);
    await tapFast(tile(screen, /General admission/), 4);
    await screen.page.getByText(/Reserved [45]:/).waitFor();
    await screen.page.reload();
    await quantity(screen, "General admission").waitFor();
    assert.equal(await quantity(screen, "General admission").textContent(), "4");
    await action(screen, "Cash").tap();
    await soldBecomes(stage, types[0]!, 4);
    await screen.close();
});

test("a tab that the browser has doubled has a bill of its own", async () => {
    const { id, types } = await stage.event("Two tabs", [GENERAL]);
    const screen = await atTheTill(id);
    await tapFast(tile(screen, /General admission/), 2);
    await screen.page.getByText(/Reserved [45]:/).waitFor();
    const [twin] = await Promise.all([
        screen.context.waitForEvent("page"),
        screen.page.evaluate(() => void open(location.href)),
    ]);
    const second = Object.assign(Object.create(screen) as Screen, { page: twin });
    await tile(second, /General admission/).waitFor();
    assert.equal(await quantity(second, "General admission").count(), 0);
    await tapFast(tile(second, /General admission/), 3);
    await action(second, "Card").tap();
    await soldBecomes(stage, types[0]!, 3);
    await action(screen, "Cash").tap();
    await soldBecomes(stage, types[0]!, 5);
    await screen.close();
});

test("a sale is made, taken back a ticket, cleared and explained by the keyboard alone", async () => {
    const { id, types } = await stage.event("Keys", [
        GENERAL,
        { name: "Student", price: 1500, initial_inventory: 100 },
    ]);
    const screen = await atTheTill(id, {});
    const { keyboard } = screen.page;
    for (const key of ["2", "2", "1", "Backspace", "Backspace"]) await keyboard.press(key);
    assert.equal(await quantity(screen, "Student").textContent(), "1");
    assert.equal(await quantity(screen, "General admission").count(), 0);
    await keyboard.press("?");
    await screen.page.getByRole("dialog", { name: "Keys" }).getByText("Sell for cash").waitFor();
    await keyboard.press("c");
    await keyboard.press("Escape");
    await screen.page.getByRole("dialog").waitFor({ state: "detached" });
    assert.equal(await quantity(screen, "Student").textContent(), "1");
    await keyboard.press("k");
    await soldBecomes(stage, types[1]!, 1);
    await keyboard.press("1");
    await keyboard.press("c");
    await soldBecomes(stage, types[0]!, 1);
    await keyboard.press("1");
    await quantity(screen, "General admission").waitFor();
    await keyboard.press("Escape");
    await quantity(screen, "General admission").waitFor({ state: "detached" });
    assert.equal(await sold(stage, types[0]!), 1);
    assert.equal(
        (await entries(stage, id, "sale"))
            .map((one) => one.tender)
            .sort()
            .join(),
        "card,cash",
    );
    await screen.close();
});
