// What a manager does besides selling: each form reaches the server, and says what the server says.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Stage, type Screen } from "../support/stage.ts";

let stage: Stage;

before(async () => {
    stage = await Stage.open();
});
after(() => stage.close());

const press = (screen: Screen, name: string | RegExp) =>
    screen.page.getByRole("button", { name }).click();
const said = (screen: Screen, text: string | RegExp) =>
    screen.page.getByText(text).first().waitFor();

test("an event is made, sells something, is published and archived", async () => {
    const screen = await stage.signedIn("event_manager", "/admin/");
    await press(screen, "New event");
    await screen.page.getByLabel("Name").fill("Harvest Ball");
    await screen.page.getByLabel("Starts").fill("2031-10-04T20:00");
    await press(screen, "Create event");
    await screen.page.waitForURL(/\/settings$/);
    await press(screen, "New ticket type");
    const form = screen.page.getByRole("dialog");
    await form.getByLabel("Name").fill("Stalls");
    await form.getByLabel(/^Price/).fill("28.50");
    await form.getByLabel("Tickets to begin with").fill("40");
    await press(screen, "Create ticket type");
    await said(screen, "Stalls was saved.");
    await press(screen, "Edit Stalls");
    await form.getByLabel("Most in one order").fill("6");
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "detached" });
    await press(screen, "Publish");
    await said(screen, "Published.");
    await press(screen, "Archive Stalls");
    await said(screen, "Stalls was archived.");
    const id = new URL(screen.page.url()).pathname.split("/")[3];
    const { event, ticket_types } = await stage.call<{
        event: { name: string; published: boolean };
        ticket_types: { price: number; max_per_order: number; archived_at: string | null }[];
    }>("GET", `/v1/events/${id}/inventory`);
    assert.equal(event.name, "Harvest Ball");
    assert.equal(event.published, true);
    assert.equal(ticket_types[0]?.price, 2850);
    assert.equal(ticket_types[0]?.max_per_order, 6);
    assert.notEqual(ticket_types[0]?.archived_at, null);
    await screen.close();
});

test("a person is added, edited and disabled, and gets a new password", async () => {
    const taken = await stage.account("viewer");
    const screen = (await stage.signedIn("admin", "/admin/staff")).expects(/409/);
    await press(screen, "Add a person");
    await screen.page.getByLabel("Name").fill("Noor");
    await screen.page.getByLabel("E-mail").fill(taken.email);
    await press(screen, "Add and make a password");
    await screen.page.locator("[aria-invalid]").first().waitFor();
    await screen.page.getByLabel("E-mail").fill("noor@example.test");
    await press(screen, "Add and make a password");
    await said(screen, /shown this once/);
    await screen.page.keyboard.press("Escape");
    await press(screen, "Edit Noor");
    await screen.page.getByRole("dialog").getByLabel("Name").fill("Noor Haddad");
    await screen.page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await said(screen, "Noor Haddad is saved.");
    await press(screen, "New password for Noor Haddad");
    await press(screen, "Make a password");
    await said(screen, /shown this once/);
    await screen.page.keyboard.press("Escape");
    await press(screen, "Disable Noor Haddad");
    await said(screen, "Noor Haddad can no longer sign in.");
    await screen.close();
});

test("who changes what somebody else has just changed is told so, and sees it as it is now", async () => {
    const { id, email } = await stage.account("viewer");
    const screen = (await stage.signedIn("admin", "/admin/staff")).expects(/412/);
    const row = screen.page.getByRole("row").filter({ hasText: email });
    const dialog = screen.page.getByRole("dialog");
    await row.getByRole("button", { name: /^Edit/ }).click();
    await stage.call("POST", `/v1/staff/${id}/disable`);
    await dialog.getByLabel("Name").fill("Somebody else");
    await dialog.getByRole("button", { name: "Save" }).click();
    await said(screen, /changed by somebody else/);
    await row.getByText("Disabled").waitFor();
    const { name } = await stage.call<{ name: string }>("GET", `/v1/staff/${id}`);
    assert.notEqual(name, "Somebody else");

    const { id: event, types } = await stage.event("Two at once", [
        { name: "Stalls", initial_inventory: 5 },
    ]);
    await screen.goto(`/admin/events/${event}/settings`);
    await press(screen, "Edit Stalls");
    await stage.call("PATCH", `/v1/ticket-types/${types[0]}`, { price: 3100 }, '"1"');
    await dialog.getByLabel("Name").fill("Pit");
    await dialog.getByRole("button", { name: "Save" }).click();
    await screen.page.getByText("$31").first().waitFor();
    await press(screen, "Put away");
    await screen.page.getByLabel("Name").fill("Two after another");
    await stage.call("PATCH", `/v1/events/${event}`, { featured: true }, '"1"');
    await press(screen, "Save");
    await screen.page.getByRole("button", { name: "Stop featuring" }).waitFor();
    assert.equal(await screen.page.getByLabel("Name").inputValue(), "Two at once");
    await screen.close();
});

test("a key is made, shown once and revoked", async () => {
    const screen = await stage.signedIn("admin", "/admin/api-keys");
    await press(screen, "Make a key");
    await screen.page.getByLabel("Name").fill("Web shop");
    await press(screen, "Make the key");
    await said(screen, /shown this once/);
    await screen.page.keyboard.press("Escape");
    await press(screen, "Revoke Web shop");
    await screen.page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await said(screen, "Web shop is revoked.");
    await screen.close();
});

test("a reservation and a cart are released, and a removal that goes too far is refused at its field", async () => {
    const { id, types } = await stage.event("Released", [
        { name: "Stalls", initial_inventory: 10 },
    ]);
    const items = [{ ticket_type_id: types[0], quantity: 3 }];
    await stage.call("POST", "/v1/reservations", items[0]);
    await stage.call("POST", "/v1/carts", { items });
    const screen = (await stage.signedIn("event_manager", `/admin/events/${id}/inventory`)).expects(
        /409/,
    );
    await press(screen, "Remove tickets from Stalls");
    await screen.page.getByLabel("How many").fill("5");
    await screen.page.getByLabel(/Reason/).fill("Rows for the crew");
    await press(screen, "Remove 5 tickets");
    await screen.page.locator("input[aria-invalid]").waitFor();
    await screen.page.keyboard.press("Escape");
    for (let left = 2; left > 0; left--) {
        await screen.page
            .getByRole("button", { name: /^Release 3 tickets/ })
            .first()
            .click();
        const dialog = screen.page.getByRole("dialog");
        await dialog.getByRole("button", { name: "Release" }).click();
        await dialog.waitFor({ state: "detached" });
        await screen.page.waitForFunction(
            (most) =>
                document.querySelectorAll("button[aria-label^='Release 3 tickets']").length < most,
            left,
        );
    }
    const { reserved } = await stage.call<{ reserved: number }>(
        "GET",
        `/v1/ticket-types/${types[0]}/availability`,
    );
    assert.equal(reserved, 0);
    await screen.close();
});

test("what a page offers as CSV comes as CSV, as it is filtered", async () => {
    const { id, types } = await stage.event("Exported", [
        { name: "Stalls", initial_inventory: 10 },
    ]);
    const screen = await stage.signedIn("event_manager", `/admin/events/${id}`);
    const head = async (path: string): Promise<string> => {
        await screen.goto(path);
        const link = screen.page.getByRole("link", { name: "CSV" });
        return screen.page.evaluate(
            async (url) => (await (await fetch(url)).text()).split("\n")[0] ?? "",
            (await link.getAttribute("href")) ?? "",
        );
    };
    const at = `/admin/events/${id}`;
    assert.match(await head(`${at}/audit-log?action=increase`), /^id,event_id,/);
    assert.match(await head(`${at}/inventory/${types[0]}`), /^at,ticket_type_id,/);
    for (const view of ["type", "time", "box-office"])
        assert.match(await head(`${at}/reports?view=${view}`), /tickets_sold/, view);
    await screen.close();
});
