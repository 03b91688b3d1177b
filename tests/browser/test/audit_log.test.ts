// The audit log with ten thousand rows: pages, filters in the address, and numbers as the API has them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Stage } from "../support/stage.ts";

const ROWS = 10_000;
const AT_ONCE = 64;

let stage: Stage;
let event: { id: string; types: string[] };

before(async () => {
    stage = await Stage.open();
    event = await stage.event("Ten thousand rows", [
        { name: "General admission", initial_inventory: ROWS },
    ]);
    let left = ROWS - 1; // the opening entry is one
    const buyer = async () => {
        while (left-- > 0)
            await stage.call("POST", "/v1/reservations", {
                ticket_type_id: event.types[0],
                quantity: 1,
            });
    };
    await Promise.all(Array.from({ length: AT_ONCE }, buyer));
});
after(() => stage.close());

test("ten thousand rows are shown page by page, and the page stays quick", async () => {
    const screen = await stage.signedIn("event_manager", `/admin/events/${event.id}/audit-log`);
    const rows = screen.page.locator("tbody tr");
    assert.equal(await rows.count(), 50);
    for (let page = 2; page <= 6; page++) {
        // Twice, as an impatient finger does: the same page is shown once.
        const older = screen.page.getByRole("button", { name: "Older entries" });
        await older.evaluate((button: HTMLElement) => (button.click(), button.click()));
        await rows.nth(page * 50 - 1).waitFor();
    }
    assert.equal(await rows.count(), 300);
    await screen.close();
});

test("a filter is part of the address, and a row opens the whole entry", async () => {
    const screen = await stage.signedIn("event_manager", `/admin/events/${event.id}/audit-log`);
    await screen.page.getByLabel("Change", { exact: true }).selectOption("increase");
    await screen.page.waitForURL(/action=increase/);
    await screen.page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
    await screen.page.getByRole("button", { name: /Details/ }).click();
    const { data } = await stage.call<{ data: { chain_hash: string }[] }>(
        "GET",
        `/v1/audit-log?event_id=${event.id}&action=increase`,
    );
    await screen.page.getByText(data[0]!.chain_hash).waitFor();
    await screen.close();
});

test("new rows wait behind a button, and no row moves", async () => {
    const screen = await stage.signedIn("event_manager", `/admin/events/${event.id}/audit-log`);
    const top = await screen.page.locator("tbody tr").first().innerText();
    await stage.call("POST", `/v1/ticket-types/${event.types[0]}/increase`, {
        quantity: 3,
        reason: "Three more chairs",
    });
    const fresh = screen.page.getByRole("button", { name: /1 new row/ });
    await fresh.waitFor();
    assert.equal(await screen.page.locator("tbody tr").first().innerText(), top);
    await fresh.click();
    await screen.page.locator("tbody tr").first().getByText("3 added").waitFor();
    await screen.close();
});

test("who and how narrow the log, Back undoes it, and what no field shows is said", async () => {
    await stage.call("POST", "/v1/sales", {
        items: [{ ticket_type_id: event.types[0], quantity: 1 }],
        channel: "box_office",
        tender: "card",
    });
    const screen = await stage.signedIn("event_manager", `/admin/events/${event.id}/audit-log`);
    const { page } = screen;
    const rows = page.locator("tbody tr");
    await page.getByLabel("Tender").selectOption("card");
    await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
    await page.getByLabel("Who").selectOption({ label: "the tests" });
    await page.waitForURL(/actor=[0-9a-f-]+/);
    assert.equal(await rows.count(), 1);
    await page.goBack();
    await page.goBack();
    await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 50);
    assert.equal(new URL(page.url()).search, "");
    await rows.first().locator("td").first().click();
    await page.getByRole("dialog").getByText("Chain hash").waitFor();
    await page.keyboard.press("Escape");
    await screen.goto("/admin/audit-log?action=sale&from=2025-01-01T17:30:00.000Z");
    await page.getByText("Entries from Jan 1, 2025, 5:30 PM UTC.").waitFor();
    await rows.first().getByText("1 sold").waitFor();
    await rows.first().getByText("General admission · Ten thousand rows").waitFor(); // names come later
    await screen.close();
});
