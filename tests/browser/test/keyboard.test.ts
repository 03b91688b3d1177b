// Without a mouse: an event and a shift from nothing to their end, led to what is missing on the way.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Stage, type Screen } from "../support/stage.ts";

let stage: Stage;

before(async () => {
    stage = await Stage.open();
});
after(() => stage.close());

// Where the focus is once it is there: the label of a field, or the words of a button.
const focused = (screen: Screen, name: string) =>
    screen.page.waitForFunction((wanted) => {
        const at = document.activeElement as HTMLInputElement | null;
        const words = at?.labels?.[0]?.innerText ?? at?.innerText ?? "";
        return words.trim().startsWith(wanted);
    }, name);

async function tabTo(screen: Screen, name: string): Promise<void> {
    for (let steps = 0; steps < 40; steps++) {
        await screen.page.keyboard.press("Tab");
        const here = await screen.page.evaluate(
            () => (document.activeElement as HTMLElement | null)?.innerText ?? "",
        );
        if (here.trim() === name) return;
    }
    assert.fail(`Tab does not come to ${name}`);
}

test("an event is made, published and archived by keyboard, in the time zone of the house", async () => {
    await stage.event("The one before", []);
    const screen = await stage.signedIn("event_manager", "/admin/");
    const { keyboard } = screen.page;
    const said = (text: string) => screen.page.getByText(text, { exact: true }).first().waitFor();
    await keyboard.press("n");
    await focused(screen, "Name");
    await keyboard.press("Enter");
    await said("Give it a name.");
    await said("Say when it starts.");
    await focused(screen, "Name");
    await keyboard.type("Harvest Ball");
    await keyboard.press("Enter");
    await focused(screen, "Starts");
    await keyboard.type("10042031");
    await keyboard.press("Tab");
    await keyboard.type("0800PM");
    await keyboard.press("Enter");
    await screen.page.waitForURL(/\/settings$/);
    await screen.settled();
    await tabTo(screen, "Publish");
    await keyboard.press("Enter");
    await said("Published.");
    await tabTo(screen, "Archive");
    await keyboard.press("Enter");
    await said("Harvest Ball was archived.");
    const id = new URL(screen.page.url()).pathname.split("/")[3];
    const made = await stage.call<Record<string, unknown>>("GET", `/v1/events/${id}`);
    assert.equal(made["time_zone"], "America/Chicago");
    assert.equal(made["start_date"], "2031-10-05T01:00:00.000Z");
    assert.equal(made["published"], true);
    assert.notEqual(made["archived_at"], null);
    await screen.close();
});

test("a shift is opened, looked at and closed by keyboard, and its address is kept", async () => {
    const screen = await stage.signedIn("admin", "/admin/shifts");
    const { keyboard } = screen.page;
    await tabTo(screen, "Open a shift");
    await keyboard.press("Enter");
    await focused(screen, "Terminal");
    await keyboard.press("Enter");
    await screen.page.getByText("Say where the drawer is.").waitFor();
    await keyboard.type("Box office 7");
    await keyboard.press("Tab");
    await keyboard.type("lots");
    await keyboard.press("Enter");
    await screen.page.getByText("Give an amount, such as 150 or 150.50.").waitFor();
    await focused(screen, "Opening cash");
    await keyboard.press("Control+A");
    await keyboard.type("150");
    await keyboard.press("Enter");
    const row = screen.page.locator("tbody tr").filter({ hasText: "Box office 7" });
    assert.match(await row.innerText(), /[AP]M UTC[^]*Open$/);
    await row.getByRole("link").focus();
    await keyboard.press("Enter");
    await screen.page.getByRole("heading", { name: "X report" }).waitFor();
    await tabTo(screen, "Close shift…");
    await keyboard.press("Enter");
    await focused(screen, "Counted cash");
    await keyboard.press("Enter");
    await screen.page.getByText("Count the cash in the drawer first.").waitFor();
    await keyboard.type("148");
    await keyboard.press("Enter");
    await screen.page.getByRole("heading", { name: "Z report" }).waitFor();
    await screen.page.getByRole("dialog").getByText("$2.00 missing").waitFor();
    await screen.page.goBack();
    await screen.page.getByRole("dialog").waitFor({ state: "detached" });
    const { data } = await stage.call<{ data: { difference: number }[] }>(
        "GET",
        "/v1/shifts?status=closed",
    );
    assert.deepEqual(
        data.map(({ difference }) => difference),
        [-200],
    );
    await screen.close();
});
