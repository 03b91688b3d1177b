// Inventory and reports as an event manager uses them: what is done is done, and the numbers are the API's.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Stage, type Screen } from "../support/stage.ts";

let stage: Stage;

before(async () => {
    stage = await Stage.open();
});
after(() => stage.close());

// Goes on with Tab, as somebody without a mouse does, to the control with this name.
async function tabTo(screen: Screen, name: string): Promise<void> {
    for (let steps = 0; steps < 60; steps++) {
        await screen.page.keyboard.press("Tab");
        const here = await screen.page.evaluate(() => {
            const at = document.activeElement as HTMLElement | null;
            return at?.getAttribute("aria-label") ?? at?.innerText ?? "";
        });
        if (here.trim() === name) return;
    }
    assert.fail(`Tab does not come to ${name}`);
}

test("tickets are added by keyboard: the new total before it is done, and not without a reason", async () => {
    const { id, types } = await stage.event("By keyboard", [
        { name: "Stalls", initial_inventory: 200 },
    ]);
    const screen = await stage.signedIn("event_manager", `/admin/events/${id}/inventory`);
    const { keyboard } = screen.page;
    await tabTo(screen, "Add tickets to Stalls");
    await keyboard.press("Enter");
    await screen.page.getByRole("dialog").waitFor();
    await keyboard.press("Control+A");
    await keyboard.type("35");
    const sum = screen.page.getByRole("group", { name: "Total after the change" });
    assert.match(await sum.innerText(), /200[^]*35[^]*235/);
    await keyboard.press("Enter");
    const reason = screen.page.getByLabel(/^Reason/);
    await screen.page.waitForFunction(() => document.activeElement?.tagName === "TEXTAREA");
    assert.equal(await reason.getAttribute("aria-invalid"), "true");
    await screen.page.getByText("Say why, in 3 letters or more.").waitFor();
    await keyboard.type("Side gallery opened");
    await tabTo(screen, "Add 35 tickets");
    await keyboard.press("Enter");
    await screen.page.getByText("35 tickets added to Stalls. Total is now 235.").waitFor();
    const { data } = await stage.call<{
        data: { new_total: number; reason: string; actor: { kind: string } }[];
    }>("GET", `/v1/audit-log?ticket_type_id=${types[0]}&action=increase&limit=1`);
    assert.equal(data[0]?.new_total, 235);
    assert.equal(data[0]?.reason, "Side gallery opened");
    assert.equal(data[0]?.actor.kind, "staff");
    await screen.close();
});

test("the first reservation to expire is on top, with who made it, and latest changes say where", async () => {
    const { id, types } = await stage.event("Expiring", [
        { name: "Stalls", initial_inventory: 50 },
    ]);
    const cashier = await stage.signedIn("box_office", "/admin/");
    await cashier.page.evaluate(async (ticket_type_id) => {
        const body = JSON.stringify({ ticket_type_id, quantity: 2, expires_in_seconds: 300 });
        const headers = { "Content-Type": "application/json" };
        await fetch("/v1/reservations", { method: "POST", headers, body });
    }, types[0]);
    const { name } = await cashier.page.evaluate(
        async () => (await (await fetch("/v1/me")).json()) as { name: string },
    );
    await cashier.close();
    const screen = await stage.signedIn("event_manager", `/admin/events/${id}`);
    const latest = screen.page.locator(".latest li").first();
    const words = await latest.innerText();
    assert.match(words, /2 reserved · Stalls\s+Box office\s/);
    assert.match(words, /\d:\d\d:\d\d\s[AP]M C[DS]T/);
    await stage.call("POST", "/v1/reservations", {
        ticket_type_id: types[0],
        quantity: 7,
        expires_in_seconds: 900,
    });
    await screen.goto(`/admin/events/${id}/inventory`);
    const rows = screen.page.getByRole("region", { name: "Live reservations table" });
    const first = await rows.locator("tbody tr").first().innerText();
    assert.match(first, new RegExp(`^2 Stalls\\s+${name}\\s+Box office`));
    assert.match(first, /[AP]M C[DS]T/);
    assert.match(await rows.locator("tbody tr").nth(1).innerText(), /7 Stalls\s+the tests/);
    await screen.close();
});

test("a change whose answer is lost is asked again as it was, and done once", async () => {
    const { id, types } = await stage.event("Lost answer", [
        { name: "Stalls", initial_inventory: 100 },
    ]);
    const screen = (
        await stage.signedIn("event_manager", `/admin/events/${id}/inventory`)
    ).expects(/ERR_FAILED/);
    const { page } = screen;
    await page.getByRole("button", { name: "Add tickets to Stalls" }).click();
    await page.getByLabel("Reason").fill("Side gallery opened");
    await page.route("**/increase", async (route) => {
        await route.fetch();
        await route.abort();
    });
    await page.getByRole("button", { name: "Add 50 tickets" }).click();
    await page.getByRole("alert").getByText("nothing is done twice").waitFor();
    assert.equal(await page.getByLabel("How many").isEditable(), false);
    await page.unroute("**/increase");
    await page.getByRole("button", { name: "Add 50 tickets" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const { total } = await stage.call<{ total: number }>(
        "GET",
        `/v1/ticket-types/${types[0]}/availability`,
    );
    assert.equal(total, 150);
    await screen.close();
});

async function soldEvent(name: string): Promise<string> {
    const { id, types } = await stage.event(name, [
        { name: "Stalls", price: 2800, initial_inventory: 100 },
        { name: "Balcony", price: 6500, initial_inventory: 100 },
    ]);
    for (const [ticket_type_id, quantity, tender] of [
        [types[0], 5, "cash"],
        [types[0], 3, "card"],
        [types[1], 2, "cash"],
    ] as const)
        await stage.call("POST", "/v1/sales", {
            items: [{ ticket_type_id, quantity }],
            channel: "box_office",
            tender,
        });
    return id;
}

test("a report is narrowed in the address, Back undoes it, and a number leads to its entries", async () => {
    const id = await soldEvent("Narrowed");
    const screen = await stage.signedIn("event_manager", `/admin/events/${id}/reports`);
    const { page } = screen;
    const total = page.locator("tfoot td").first();
    assert.equal(await total.innerText(), "10");
    await page.getByLabel("Tender").selectOption("cash");
    await page.waitForURL(/tender=cash/);
    const report = await stage.call<{ totals: { tickets_sold: number } }>(
        "GET",
        `/v1/reports/sales?event_id=${id}&tender=cash`,
    );
    await page.waitForFunction(
        (sold) => document.querySelector("tfoot td")?.textContent === sold,
        String(report.totals.tickets_sold),
    );
    await page.goBack();
    await page.waitForFunction(() => document.querySelector("tfoot td")?.textContent === "10");
    assert.doesNotMatch(page.url(), /tender/);
    const stalls = page.locator("tbody tr").filter({ hasText: "Stalls" });
    await stalls.getByRole("link", { name: "8", exact: true }).click();
    await page.waitForURL(/audit-log\?action=sale/);
    await screen.settled();
    const sold = await page.locator("tbody tr b:first-child").allInnerTexts();
    assert.deepEqual(
        sold.filter((text) => text.endsWith("sold")),
        ["3 sold", "5 sold"],
    );
    await screen.close();
});

test("over time, tickets and money add up; CSV is saved, and print leaves out what is for clicking", async () => {
    const id = await soldEvent("Over time");
    const screen = await stage.signedIn(
        "event_manager",
        `/admin/events/${id}/reports?view=time&interval=hour&period=7d&sums=cumulative&measure=money`,
    );
    const { page } = screen;
    const row = await page.locator("tbody tr").first().locator("td").allInnerTexts();
    assert.deepEqual(row, ["10", "0", "$354.00", "$0.00", "$354.00"]);
    const chart = page.getByRole("img", { name: /^Sales by hour/ });
    await chart.focus();
    await page.keyboard.press("End");
    await page.locator("output").filter({ hasText: "Stalls $224, Balcony $130" }).waitFor();
    const saved = page.waitForEvent("download");
    await page.getByRole("link", { name: "CSV" }).click();
    assert.match((await saved).suggestedFilename(), /-sales-over-time-\d{4}-\d\d-\d\d\.csv$/);
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.getByRole("navigation").first().isVisible(), false);
    assert.equal(await page.getByRole("region", { name: "Filters" }).isVisible(), false);
    assert.equal(await page.getByRole("button", { name: "Print" }).isVisible(), false);
    assert.equal(await page.locator("tfoot").isVisible(), true);
    assert.match(await page.locator(".print-only").innerText(), /C[DS]T to /);
    await screen.close();
});

test("an error stands above the old numbers, with its request's id, until a retry helps", async () => {
    const { id, types } = await stage.event("Failing", [{ name: "Stalls", initial_inventory: 60 }]);
    const screen = (
        await stage.signedIn("event_manager", `/admin/events/${id}/inventory/${types[0]}`)
    ).expects(/500/);
    const { page } = screen;
    await page.route("**/v1/reports/inventory*", (route) =>
        route.fulfill({
            status: 500,
            contentType: "application/problem+json",
            body: JSON.stringify({
                type: "/problems/internal",
                title: "Failed",
                status: 500,
                code: "internal",
                detail: "The report could not be made.",
                request_id: "0123456789abcdef",
            }),
        }),
    );
    await page.getByRole("button", { name: "By hour" }).click();
    const note = page.getByRole("alert").filter({ hasText: "The report could not be made." });
    await note.waitFor();
    assert.match(
        await note.innerText(),
        /What you see is from .*[AP]M UTC\.[^]*Request 0123456789abcdef/,
    );
    assert.equal(
        await page
            .locator(".stale")
            .getByRole("img", { name: /over time/ })
            .isVisible(),
        true,
    );
    await page.unroute("**/v1/reports/inventory*");
    await note.getByRole("button", { name: "Retry" }).click();
    await note.waitFor({ state: "detached" });
    await screen.close();
});
