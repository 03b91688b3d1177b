// Where the actions of the till lie: a finger that comes late must not hit another one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Stage, type Account, type Screen } from "../support/stage.ts";
import { PHONE, TABLET, action, atTill, quantity, soldBecomes, tapFast } from "../support/till.ts";
import { tile, tiles } from "../support/till.ts";

let stage: Stage;
let cashier: Account;

before(async () => {
    stage = await Stage.open();
    cashier = await stage.account("box_office");
});
after(() => stage.close());

const WIDE = { width: 1180, height: 820, touch: true };
// A phone with the bars of its browser, and one that lies on its side.
const SMALL = { width: 375, height: 640, touch: true };
const LYING = { width: 844, height: 390, touch: true };

const TYPES = ["General admission", "VIP balcony", "Student", "Access + companion"].map((name) => ({
    name,
    description: "Standing, main floor, doors at seven",
    initial_inventory: 9,
}));

// Every action that is there before the first tap, by what it is called, and where it lies.
async function places(screen: Screen): Promise<Record<string, string>> {
    const boxes: Record<string, string> = {};
    // The test's own taps scroll tiles into sight.
    await screen.page.evaluate(() => {
        for (const one of document.querySelectorAll("main, .tiles")) one.scrollTo(0, 0);
    });
    const actions = [
        ...(await tiles(screen).all()),
        ...["Cash", "Card", "Comp", "Clear", "Open a shift"].map((name) => action(screen, name)),
        screen.page.getByRole("link", { name: "Leave the box office" }),
    ];
    for (const [i, one] of actions.entries()) {
        const box = await one.boundingBox();
        assert.ok(box, `action ${i} is there`);
        boxes[i] = [box.x, box.y, box.width, box.height].map(Math.round).join(" ");
    }
    return boxes;
}

for (const [name, size] of Object.entries({ TABLET, PHONE, WIDE, SMALL, LYING })) {
    test(`no action moves while somebody sells: ${name.toLowerCase()}`, async () => {
        const { id, types } = await stage.event(`At rest ${name}`, TYPES);
        const screen = (await atTill(stage, cashier, id, size)).expects(/409|ERR_FAILED/);
        const before = await places(screen);
        const same = async (when: string) => assert.deepEqual(await places(screen), before, when);

        await tile(screen, /General/).tap();
        await screen.page.getByText(/Reserved [45]:/).waitFor();
        await same("with a line");
        // Lines of their own stay where they are, too.
        const less = action(screen, "One General admission less");
        const box = await less.boundingBox();
        await tile(screen, /VIP/).tap();
        if (size === TABLET || size === WIDE) assert.deepEqual(await less.boundingBox(), box);
        for (const one of [/Student/, /Access/]) await tile(screen, one).tap();
        assert.equal(await screen.page.locator(".lines li").count(), 4);
        await same("with four lines");

        let lost = 0;
        await screen.page.route("**/complete", async (route) => {
            if (lost++ > 0) return route.continue();
            await route.fetch();
            return route.abort();
        });
        await action(screen, "Cash").tap();
        await screen.page.getByText(/Sending/).waitFor();
        await same("while it is sent");
        await action(screen, "Undo").waitFor();
        await screen.page.getByText("Cash received").waitFor();
        await soldBecomes(stage, types[3]!, 1);
        await same("after a sale, with change and Undo");
        const undo = await action(screen, "Undo").boundingBox();
        await screen.page.getByRole("group", { name: "Amounts" }).getByRole("button").last().tap();
        await screen.page.getByText("Change $").waitFor();
        await same("with the change");

        await tile(screen, /Student/).tap();
        await same("in the next sale");
        assert.deepEqual(await action(screen, "Undo").boundingBox(), undo);
        await stage.call("POST", `/v1/ticket-types/${types[1]}/decrease`, {
            quantity: 8,
            reason: "Moved to the door",
        });
        await screen.page.getByText("Sold out").waitFor();
        await same("with a type sold out");
        await action(screen, "Clear").tap();
        await same("cleared");
        await screen.close();
    });
}

test("a refusal says so without moving an action", async () => {
    for (const size of [TABLET, PHONE]) {
        const { id, types } = await stage.event(`Refused at ${size.width}`, TYPES);
        const screen = (await atTill(stage, cashier, id, size)).expects(/409|ERR_FAILED/);
        await screen.page.route("**/v1/stream?**", (route) => route.abort());
        await screen.page.reload();
        await tile(screen, /9 left/)
            .first()
            .waitFor();
        await stage.call("POST", "/v1/reservations", { ticket_type_id: types[0], quantity: 8 });
        const before = await places(screen);
        await tapFast(tile(screen, /General/), 2);
        await screen.page.getByText("Only 1 General admission left.").waitFor();
        assert.deepEqual(await places(screen), before);
        assert.equal(await quantity(screen, "General admission").textContent(), "1");
        await screen.close();
    }
});

test("whatever can be tapped is at least 44 pixels high and wide", async () => {
    const { id } = await stage.event("Fingers", TYPES);
    for (const size of [TABLET, PHONE, WIDE, LYING]) {
        const screen = await atTill(stage, cashier, id, size);
        const small = () =>
            screen.page.evaluate(() =>
                [...document.querySelectorAll<HTMLElement>("button, a, input")]
                    .map((one) => ({ one, box: one.getBoundingClientRect() }))
                    .filter(({ box }) => box.width > 0 && (box.width < 44 || box.height < 44))
                    .map(
                        ({ one, box }) =>
                            `${one.outerHTML.slice(0, 90)} ${box.width}x${box.height}`,
                    ),
            );
        assert.deepEqual(await small(), [], `${size.width}, empty`);
        await tile(screen, /General/).tap();
        await screen.page.getByText(/Reserved [45]:/).waitFor();
        assert.deepEqual(await small(), [], `${size.width}, with a line`);
        await action(screen, "Cash").tap();
        await action(screen, "Undo").waitFor();
        assert.deepEqual(await small(), [], `${size.width}, after a sale`);
        await action(screen, "Undo").tap();
        await screen.page.getByRole("dialog").waitFor();
        assert.deepEqual(await small(), [], `${size.width}, with a question`);
        await screen.close();
    }
});

test("names that are too long for a tile leave its numbers and the bill's actions in sight", async () => {
    const { id } = await stage.event("Long ".repeat(40), [
        { name: "W".repeat(120), initial_inventory: 2_000_000_000 },
        {
            name: "Donaudampfschifffahrtsgesellschaftskapitän ".repeat(3),
            price: 999_999_999,
            initial_inventory: 5,
        },
    ]);
    for (const size of [TABLET, PHONE]) {
        const screen = await atTill(stage, cashier, id, size);
        await tiles(screen).nth(0).tap();
        await tiles(screen).nth(1).tap();
        await screen.page.getByText(/Reserved [45]:/).waitFor();
        assert.equal(await screen.overflow(), 0);
        const cut = await screen.page.evaluate(() =>
            [
                ...document.querySelectorAll<HTMLElement>(
                    ".tile-price, .tile-left, .stepper, .amount, .due b, .big",
                ),
            ]
                .filter((one) => {
                    const { left, right } = one.getBoundingClientRect();
                    const home = one.closest(".tile, .bill-side")!.getBoundingClientRect();
                    return (
                        left < home.left ||
                        right > home.right + 0.5 ||
                        one.scrollWidth > one.clientWidth + 1
                    );
                })
                .map((one) => `${one.className}: ${one.innerText}`),
        );
        assert.deepEqual(cut, [], String(size.width));
        await screen.close();
    }
});
