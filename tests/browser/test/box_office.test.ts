// Selling at the door with a finger: two taps a sale, exact however fast, and never twice.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Stage, type Screen, type ScreenOptions } from "../support/stage.ts";

let stage: Stage;

before(async () => {
    stage = await Stage.open();
});
after(() => stage.close());

const tablet = { width: 1180, height: 820, touch: true };

// A cashier at the till of this event, who sells without a shift.
const cashier = (event: string, options: ScreenOptions = tablet): Promise<Screen> =>
    stage.signedIn("box_office", `/admin/events/${event}/box-office`, options);

function tile(screen: Screen, name: RegExp) {
    return screen.page.getByRole("group", { name: "Ticket types" }).getByRole("button", { name });
}

// Without a shift "Cash" says more than its name: that it is not counted.
const pay = (screen: Screen, how: "Cash" | "Card") =>
    screen.page.getByRole("button", { name: new RegExp(`^${how}`) });

async function sold(type: string): Promise<number> {
    return (await stage.call<{ sold: number }>("GET", `/v1/ticket-types/${type}/availability`))
        .sold;
}

async function soldBecomes(type: string, wanted: number): Promise<void> {
    for (let i = 0; (await sold(type)) !== wanted; i++) {
        if (i === 200) assert.equal(await sold(type), wanted);
        await new Promise((done) => setTimeout(done, 50));
    }
}

test("two taps sell one ticket", async () => {
    const { id, types } = await stage.event("Two taps", [
        { name: "General admission", initial_inventory: 100 },
    ]);
    const screen = await cashier(id);
    await tile(screen, /General admission/).tap();
    await pay(screen, "Cash").tap();
    await soldBecomes(types[0]!, 1);
    await screen.page.getByRole("button", { name: "Undo" }).waitFor();
    await screen.close();
});

test("ten taps in a second are ten tickets", async () => {
    const { id, types } = await stage.event("Ten taps", [
        { name: "General admission", initial_inventory: 100 },
    ]);
    const screen = await cashier(id);
    const general = tile(screen, /General admission/);
    await general.waitFor();
    await general.evaluate(async (button: HTMLElement) => {
        for (let i = 0; i < 10; i++) {
            button.click();
            await new Promise((done) => setTimeout(done, 60));
        }
    });
    await pay(screen, "Card").tap();
    await soldBecomes(types[0]!, 10);
    await screen.close();
});

test("of two who fight for the last ticket one gets it, and the other is told", async () => {
    const { id, types } = await stage.event("The last one", [
        { name: "General admission", initial_inventory: 1 },
    ]);
    const screens = await Promise.all([1, 2].map(async () => (await cashier(id)).expects(/409/)));
    await Promise.all(screens.map((screen) => tile(screen, /General admission/).waitFor()));
    await Promise.all(screens.map((screen) => tile(screen, /General admission/).tap()));
    const total = () =>
        Promise.all(
            screens.map((screen) =>
                screen.page.getByRole("status", { name: "General admission quantity" }).count(),
            ),
        );
    for (let i = 0; i < 100 && (await total()).reduce((a, b) => a + b) !== 1; i++)
        await new Promise((done) => setTimeout(done, 50));
    const winner = (await total()).indexOf(1);
    assert.notEqual(winner, -1);
    await pay(screens[winner]!, "Cash").tap();
    await soldBecomes(types[0]!, 1);
    for (const screen of screens) await screen.close();
});

test("a server that is killed in the middle of a sale sells it once", async () => {
    const { id, types } = await stage.event("Killed", [
        { name: "General admission", initial_inventory: 100 },
    ]);
    const screen = (await cashier(id)).expects(/ERR_|Failed to load|net::/);
    await tile(screen, /General admission/).tap();
    await screen.page.waitForResponse((reply) => reply.url().endsWith("/v1/carts"));
    await stage.daemon.kill();
    await pay(screen, "Cash").tap();
    await screen.page
        .getByText(/Sending/)
        .first()
        .waitFor();
    await stage.daemon.launchAgain();
    await soldBecomes(types[0]!, 1);
    await screen.page.getByRole("button", { name: "Undo" }).waitFor();
    const { data } = await stage.call<{ data: { action: string }[] }>(
        "GET",
        `/v1/audit-log?event_id=${id}&action=sale`,
    );
    assert.equal(data.length, 1);
    await screen.close();
});

test("a sale is made by the keyboard alone", async () => {
    const { id, types } = await stage.event("Keys", [
        { name: "General admission", initial_inventory: 100 },
        { name: "Student", price: 1500, initial_inventory: 100 },
    ]);
    const screen = await cashier(id, {});
    await tile(screen, /Student/).waitFor();
    await screen.page.keyboard.press("2");
    await screen.page.keyboard.press("2");
    await screen.page.keyboard.press("Backspace");
    await screen.page.keyboard.press("k");
    await soldBecomes(types[1]!, 1);
    assert.equal(await sold(types[0]!), 0);
    await screen.close();
});
