// A cashier at the box office: what the tests of the till begin with.
import assert from "node:assert/strict";
import type { Locator } from "playwright-core";

import type { Account, Screen, ScreenOptions, Stage } from "./stage.ts";

export const TABLET = { width: 820, height: 1180, touch: true };
export const PHONE = { width: 390, height: 844, touch: true };

// Signs in without the form, which has tests of its own, and opens the till of this event.
export async function atTill(
    stage: Stage,
    who: Account,
    event: string,
    options: ScreenOptions = TABLET,
): Promise<Screen> {
    const screen = await stage.screen(options);
    const { email, password } = who;
    const reply = await screen.context.request.post(`${stage.origin}/v1/session`, {
        data: { email, password },
    });
    assert.equal(reply.status(), 201);
    await screen.goto(`/admin/events/${event}/box-office`);
    await tiles(screen).first().waitFor();
    return screen;
}

export const tiles = (screen: Screen): Locator =>
    screen.page.getByRole("group", { name: "Ticket types" }).getByRole("button");

export const tile = (screen: Screen, name: RegExp): Locator =>
    tiles(screen).filter({ hasText: name });

// By the beginning of its name: without a shift Cash says that it is not counted.
export const action = (screen: Screen, name: string): Locator =>
    screen.page.getByRole("button", { name: new RegExp(`^${name}`) });

export const quantity = (screen: Screen, type: string): Locator =>
    screen.page.getByRole("status", { name: `${type} quantity` });

// Taps as fast as a finger can, and faster than a page may draw.
export async function tapFast(what: Locator, times: number): Promise<void> {
    await what.evaluate(async (button: HTMLElement, n) => {
        for (let i = 0; i < n; i++) {
            button.click();
            if (i % 3 === 2) await new Promise((done) => setTimeout(done, 16));
        }
    }, times);
}

export async function sold(stage: Stage, type: string): Promise<number> {
    const path = `/v1/ticket-types/${type}/availability`;
    return (await stage.call<{ sold: number }>("GET", path)).sold;
}

export async function soldBecomes(stage: Stage, type: string, wanted: number): Promise<void> {
    for (let i = 0; (await sold(stage, type)) !== wanted; i++) {
        if (i === 200) assert.equal(await sold(stage, type), wanted);
        await new Promise((done) => setTimeout(done, 25));
    }
}

export interface Entry {
    action: string;
    quantity: number;
    channel: string | null;
    tender: string | null;
    reason: string | null;
    shift_id?: string | null;
}

export async function entries(stage: Stage, event: string, what: string): Promise<Entry[]> {
    const path = `/v1/audit-log?event_id=${event}&action=${what}`;
    return (await stage.call<{ data: Entry[] }>("GET", path)).data;
}
