// What happens on one screen shows on the others, and comes back after the server was away.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Stage, type Screen } from "../support/stage.ts";

const SHOWS_WITHIN_MS = 300;

let stage: Stage;

before(async () => {
    stage = await Stage.open();
});
after(() => stage.close());

// When this text first stood on the page, by this machine's clock.
function seenAt(screen: Screen, text: string): Promise<number> {
    return screen.page
        .waitForFunction(
            (wanted) => (document.body.innerText.includes(wanted) ? Date.now() : false),
            text,
            { polling: 10 },
        )
        .then((handle) => handle.jsonValue() as Promise<number>);
}

test("a commit on one screen shows on another within 300 ms", async () => {
    const { id, types } = await stage.event("Two screens", [
        { name: "General admission", initial_inventory: 1000 },
    ]);
    const one = await stage.signedIn("event_manager", `/admin/events/${id}/inventory`);
    const other = await stage.signedIn("event_manager", `/admin/events/${id}`);
    await other.page.getByText("Live", { exact: true }).first().waitFor();
    const delays: number[] = [];
    for (let round = 1; round <= 5; round++) {
        await one.page.getByRole("button", { name: "Add tickets to General admission" }).click();
        await one.page.getByLabel("How many").fill("111");
        await one.page.getByLabel(/Reason/).fill("More room than we thought");
        const seen = seenAt(other, (1000 + 111 * round).toLocaleString("en-US"));
        const answered = one.page
            .waitForResponse((reply) =>
                reply.url().endsWith(`/v1/ticket-types/${types[0]}/increase`),
            )
            .then(() => Date.now());
        await one.page.getByRole("button", { name: "Add 111 tickets" }).click();
        delays.push((await seen) - (await answered));
    }
    delays.sort((a, b) => a - b);
    const median = delays[2]!;
    assert.ok(median < SHOWS_WITHIN_MS, `after ${delays.join(", ")} ms`);
    await one.close();
    await other.close();
});

test("an increase un-sells-out the other screen", async () => {
    const { id, types } = await stage.event("Sold out", [
        { name: "General admission", initial_inventory: 1 },
    ]);
    await stage.call("POST", "/v1/sales", {
        items: [{ ticket_type_id: types[0], quantity: 1 }],
        channel: "box_office",
        tender: "cash",
    });
    const cashier = await stage.signedIn("box_office", `/admin/events/${id}/box-office`);
    await cashier.page.getByText("Sold out").first().waitFor();
    await stage.call("POST", `/v1/ticket-types/${types[0]}/increase`, {
        quantity: 5,
        reason: "Five more chairs",
    });
    await cashier.page
        .getByText(/5\s*left/)
        .first()
        .waitFor();
    await cashier.close();
});

test("the counts come back by themselves after the server was restarted", async () => {
    const { id, types } = await stage.event("Restarted", [
        { name: "General admission", initial_inventory: 1000 },
    ]);
    const screen = (await stage.signedIn("event_manager", `/admin/events/${id}`)).expects(
        /ERR_|Failed to load|net::/,
    );
    await screen.page.getByText("Live", { exact: true }).first().waitFor();
    await stage.daemon.restart({ samePort: true });
    await stage.call("POST", `/v1/ticket-types/${types[0]}/increase`, {
        quantity: 234,
        reason: "While nobody looked",
    });
    await seenAt(screen, "1,234");
    await screen.close();
});
