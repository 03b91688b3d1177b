// Money at the till: what goes back, what is free, what is taken back, and whether the drawer is right.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Stage, type Account, type Screen, type ScreenOptions } from "../support/stage.ts";
import { action, atTill, entries, soldBecomes, tapFast, tile } from "../support/till.ts";

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

const dialog = (screen: Screen, name: string) => screen.page.getByRole("dialog", { name });

interface Shift {
    status: string;
    counted_cash: number | null;
    difference: number | null;
    expected_cash: number;
    note: string | null;
}

test("cash received gives the change, to the cent, and says what is still due", async () => {
    const { id, types } = await stage.event("Change", [{ ...GENERAL, price: 2350 }]);
    const screen = await atTheTill(id);
    await tapFast(tile(screen, /General/), 2);
    await action(screen, "Cash").tap();
    await soldBecomes(stage, types[0]!, 2);
    const amounts = screen.page.getByRole("group", { name: "Amounts" });
    await amounts.getByRole("button", { name: "$50", exact: true }).tap();
    await screen.page.getByText("Change $3.00").waitFor();
    const other = amounts.getByLabel("Other amount received");
    await other.fill("100.50");
    await screen.page.getByText("Change $53.50").waitFor();
    await other.fill("40");
    await screen.page.getByText("Still due $7.00").waitFor();
    // Enter leaves the field, so that the keys sell again.
    await other.press("Enter");
    await screen.page.keyboard.press("1");
    await screen.page.getByText(/Reserved [45]:/).waitFor();
    await screen.page.keyboard.press("Escape");
    await screen.close();
});

test("undo gives the tickets back once, with a reason, though it is tapped twice", async () => {
    const { id, types } = await stage.event("Undo", [GENERAL]);
    const screen = await atTheTill(id);
    await tapFast(tile(screen, /General/), 3);
    await action(screen, "Card").tap();
    await soldBecomes(stage, types[0]!, 3);
    await action(screen, "Undo").tap();
    const question = dialog(screen, "Undo the last sale");
    await question.getByText("$75.00 goes back").waitFor();
    await tapFast(question.getByRole("button", { name: "Undo the sale" }), 1);
    await question.getByText("Say why, in at least 3 characters.").waitFor();
    await question.getByRole("button", { name: "Wrong tickets" }).tap();
    await tapFast(question.getByRole("button", { name: "Undo the sale" }), 3);
    await soldBecomes(stage, types[0]!, 0);
    await screen.page.getByText("$75.00 card, undone").waitFor();
    assert.equal(await action(screen, "Undo").count(), 0);
    const refunds = await entries(stage, id, "refund");
    assert.deepEqual(
        refunds.map(({ quantity, reason }) => [quantity, reason]),
        [[3, "Wrong tickets"]],
    );
    await tile(screen, /100 left/).waitFor();
    await screen.close();
});

test("free tickets need a reason, which the log keeps", async () => {
    const { id, types } = await stage.event("Comp", [GENERAL]);
    const screen = await atTheTill(id);
    await tile(screen, /General/).tap();
    await action(screen, "Comp").tap();
    const question = dialog(screen, "Give tickets for free");
    const give = question.getByRole("button", { name: "Give 1 ticket" });
    await give.tap();
    await question.getByText("Say why, in at least 3 characters.").waitFor();
    await question.getByRole("textbox", { name: "Reason" }).fill("Sister of the drummer");
    await give.tap();
    await soldBecomes(stage, types[0]!, 1);
    const [sale] = await entries(stage, id, "sale");
    assert.deepEqual(
        [sale?.channel, sale?.tender, sale?.reason],
        ["comp", null, "Sister of the drummer"],
    );
    await screen.close();
});

test("a shift is opened, looked at and closed with what was counted, by the mouse", async () => {
    const { id, types } = await stage.event("Drawer", [GENERAL]);
    const who = await stage.account("box_office");
    const screen = await atTill(stage, who, id, { width: 1180, height: 820 });
    await screen.page.getByText("No shift: cash is not counted").waitFor();
    await screen.page.getByText("not counted: no shift").waitFor();
    await action(screen, "Open a shift").click();
    const open = dialog(screen, "Open a shift");
    await open.getByLabel("Terminal").fill("Door 3");
    await open.getByLabel("Opening cash").fill("150");
    await open.getByRole("button", { name: "Open shift" }).click();
    await screen.page.getByText("not counted: no shift").waitFor({ state: "detached" });

    await tile(screen, /General/).click();
    await tile(screen, /General/).click();
    await action(screen, "Cash").click();
    await soldBecomes(stage, types[0]!, 2);
    await tile(screen, /General/).click();
    await action(screen, "Card").click();
    await soldBecomes(stage, types[0]!, 3);
    await action(screen, "Your shift 3 tickets · \\$75").click();
    const look = dialog(screen, "X report");
    await look.getByText("$200.00").waitFor();
    await look.getByRole("button", { name: "Close shift…" }).click();
    const close = dialog(screen, "Close the shift at Door 3");
    await close.getByLabel("Counted cash").fill("198.50");
    await close.getByText("$1.50 missing").waitFor();
    await close.getByLabel("Note").fill("A coin fell");
    await close.getByRole("button", { name: "Close shift" }).click();
    await dialog(screen, "Z report").getByText("$1.50 missing").waitFor();
    await dialog(screen, "Z report").getByRole("button", { name: "Close" }).click();
    await action(screen, "Open a shift").waitFor();

    const { data } = await stage.call<{ data: Shift[] }>("GET", `/v1/shifts?actor=${who.id}`);
    assert.deepEqual(
        data.map((one) => [one.expected_cash, one.counted_cash, one.difference, one.note]),
        [[20000, 19850, -150, "A coin fell"]],
    );
    await screen.close();
});

test("a shift that another tab closes is said to be closed before cash is taken", async () => {
    const { id } = await stage.event("Two tabs, one drawer", [GENERAL]);
    const who = await stage.account("box_office");
    const screen = await atTill(stage, who, id);
    await action(screen, "Open a shift").tap();
    await dialog(screen, "Open a shift").getByLabel("Terminal").fill("Door 4");
    await dialog(screen, "Open a shift").getByRole("button", { name: "Open shift" }).tap();
    await action(screen, "Your shift").waitFor();
    const other = Object.assign(Object.create(screen) as Screen, {
        page: await screen.context.newPage(),
    });
    await other.goto(`/admin/events/${id}/box-office`);
    await action(other, "Your shift").tap();
    await action(other, "Close shift").tap();
    await dialog(other, "Close the shift at Door 4").getByLabel("Counted cash").fill("0");
    await action(other, "Close shift").tap();
    await screen.page.getByText("Your shift has been closed.").waitFor();
    await screen.page.getByText("not counted: no shift").waitFor();
    await screen.close();
});

test("a cashier sees what a till needs, and nothing of an administrator", async () => {
    const { id } = await stage.event("Rights", [GENERAL]);
    const screen = await atTheTill(id, {});
    await screen.goto(`/admin/events/${id}`);
    const places = await screen.page.getByRole("navigation").getByRole("link").allTextContents();
    assert.deepEqual(
        places.filter((one) => /Staff|API keys|Settings|settings|reports/.test(one)),
        [],
    );
    assert.ok(places.includes("Box office"));
    for (const path of ["staff", "api-keys", "settings", `events/${id}/settings`]) {
        await screen.page.goto(`${stage.origin}/admin/${path}`);
        await screen.page.getByText("this page is not part of it").waitFor();
    }
    await screen.goto(`/admin/events/${id}/inventory`);
    assert.equal(await screen.page.getByRole("button", { name: /Add|Remove/ }).count(), 0);
    await screen.close();
});
