// Every page, in both themes and at three widths, keeps WCAG 2.2 AA and fits its screen; at 320 px, too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Stage, WIDTHS, type Account, type Screen, type Theme } from "../support/stage.ts";

let stage: Stage;
let admin: Account;
let event: { id: string; types: string[] };

before(async () => {
    stage = await Stage.open();
    admin = await stage.account("admin");
    event = await stage.event("Midnight Parade", [
        { name: "General admission", initial_inventory: 200 },
        { name: "VIP balcony", price: 6500, initial_inventory: 5 },
        { name: "Early bird", price: 2000, initial_inventory: 2 },
    ]);
    const [general, vip, early] = event.types as [string, string, string];
    const sale = (ticket_type_id: string, quantity: number, channel: string, tender: string) =>
        stage.call("POST", "/v1/sales", {
            items: [{ ticket_type_id, quantity }],
            channel,
            tender,
        });
    await sale(general, 3, "box_office", "cash");
    await sale(early, 2, "box_office", "card");
    await stage.call("POST", "/v1/reservations", { ticket_type_id: vip, quantity: 2 });
    await stage.call("POST", `/v1/ticket-types/${general}/increase`, {
        quantity: 50,
        reason: "Side gallery opened by venue",
    });
});
after(() => stage.close());

const pages: Record<string, () => string> = {
    events: () => "/admin/",
    dashboard: () => `/admin/events/${event.id}`,
    "event settings": () => `/admin/events/${event.id}/settings`,
    inventory: () => `/admin/events/${event.id}/inventory`,
    "a ticket type": () => `/admin/events/${event.id}/inventory/${event.types[0]}`,
    "sales reports": () => `/admin/events/${event.id}/reports`,
    "audit log of an event": () => `/admin/events/${event.id}/audit-log`,
    "box office": () => `/admin/events/${event.id}/box-office`,
    "audit log": () => "/admin/audit-log",
    shifts: () => "/admin/shifts",
    staff: () => "/admin/staff",
    "API keys": () => "/admin/api-keys",
    settings: () => "/admin/settings",
};

async function assertSound(screen: Screen, where: string): Promise<void> {
    assert.deepEqual(await screen.violations(), [], where);
    assert.equal(await screen.overflow(), 0, `${where}: nothing is wider than the screen`);
    assert.equal(await screen.page.locator("h1").count(), 1, `${where}: one heading of the page`);
}

for (const theme of ["light", "dark"] as Theme[]) {
    for (const [name, width] of Object.entries(WIDTHS)) {
        test(`every page keeps WCAG 2.2 AA in ${theme} colours on a ${name}`, async () => {
            const screen = await stage.screen({ theme, width });
            await screen.goto("/admin/sign-in");
            await assertSound(screen, `sign-in, ${theme}, ${width}`);
            await screen.signIn(admin);
            for (const [page, path] of Object.entries(pages)) {
                await screen.goto(path());
                await assertSound(screen, `${page}, ${theme}, ${width}`);
            }
            await screen.close();
        });
    }
}

test("every page fits a screen of 320 px without scrolling sideways", async () => {
    const screen = await stage.screen({ width: 320, height: 640 });
    await screen.goto("/admin/sign-in");
    await screen.signIn(admin);
    for (const [page, path] of Object.entries(pages)) {
        await screen.goto(path());
        assert.equal(await screen.overflow(), 0, page);
    }
    await screen.close();
});
