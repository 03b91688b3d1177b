// What pages meet in real houses: long names, a clock that is wrong, many tabs, and numbers that must agree.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Stage, WIDTHS } from "../support/stage.ts";

const LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenball mit großem Orchester "
    .repeat(2)
    .trim();
const UNBROKEN = "W".repeat(120);

let stage: Stage;

before(async () => {
    stage = await Stage.open();
});
after(() => stage.close());

test("long names and names without a space break, and nothing is pushed off the screen", async () => {
    const { id, types } = await stage.event(LONG, [
        { name: UNBROKEN, initial_inventory: 2_000_000_000 },
        { name: LONG, price: 999_999_999, initial_inventory: 1 },
    ]);
    await stage.call("POST", `/v1/ticket-types/${types[0]}/increase`, {
        quantity: 7,
        reason: UNBROKEN,
    });
    const paths = [
        "/admin/",
        `/admin/events/${id}`,
        `/admin/events/${id}/settings`,
        `/admin/events/${id}/inventory`,
        `/admin/events/${id}/inventory/${types[0]}`,
        `/admin/events/${id}/reports`,
        `/admin/events/${id}/audit-log`,
        `/admin/events/${id}/box-office`,
    ];
    for (const width of [320, ...Object.values(WIDTHS)]) {
        const screen = await stage.signedIn("admin", "/admin/", { width });
        for (const path of paths) {
            await screen.goto(path);
            assert.equal(await screen.overflow(), 0, `${path} at ${width} px`);
        }
        await screen.close();
    }
});

test("a clock that is an hour wrong changes neither counts nor how long a reservation has left", async () => {
    const { id, types } = await stage.event("Wrong clock", [
        { name: "General admission", initial_inventory: 100 },
    ]);
    await stage.call("POST", "/v1/reservations", {
        ticket_type_id: types[0],
        quantity: 4,
        expires_in_seconds: 600,
    });
    for (const clockSkewMs of [3_600_000, -3_600_000]) {
        const screen = await stage.signedIn(
            "event_manager",
            `/admin/events/${id}/inventory/${types[0]}`,
            { clockSkewMs },
        );
        const left = screen.page
            .getByRole("region", { name: "Live reservations" })
            .getByText(/^(9:\d\d|10:00)$/);
        await left.first().waitFor();
        await screen.goto(`/admin/events/${id}`);
        await screen.page.getByText(/1 reservation expires in the next 10 minutes/).waitFor();
        await screen.close();
    }
});

test("seven tabs of one person all load, and the one that is looked at is live", async () => {
    const { id, types } = await stage.event("Seven tabs", [
        { name: "General admission", initial_inventory: 1000 },
    ]);
    const screen = await stage.signedIn("event_manager", `/admin/events/${id}`);
    for (let tab = 2; tab <= 7; tab++) {
        // What a browser tells a tab that another one covers; under a debugger all think they are seen.
        await screen.context
            .pages()
            .at(-1)!
            .evaluate(() => {
                Object.defineProperty(document, "visibilityState", { value: "hidden" });
                document.dispatchEvent(new Event("visibilitychange"));
            });
        const page = await screen.context.newPage();
        await page.goto(`${stage.origin}/admin/events/${id}`);
        await page.getByRole("heading", { level: 1, name: "Seven tabs" }).waitFor();
    }
    const last = screen.context.pages().at(-1)!;
    await last.getByText("Live", { exact: true }).first().waitFor();
    await stage.call("POST", `/v1/ticket-types/${types[0]}/increase`, {
        quantity: 234,
        reason: "More room than we thought",
    });
    await last.getByText("1,234").first().waitFor();
    await screen.close();
});

test("the numbers on the dashboard and in the reports are those of the API", async () => {
    const { id, types } = await stage.event("Numbers", [
        { name: "General admission", price: 2800, initial_inventory: 1200 },
        { name: "VIP balcony", price: 6500, initial_inventory: 200 },
    ]);
    const [general, vip] = types as [string, string];
    const sale = await stage.call<{ id: string }>("POST", "/v1/sales", {
        items: [
            { ticket_type_id: general, quantity: 31 },
            { ticket_type_id: vip, quantity: 7 },
        ],
        channel: "box_office",
        tender: "cash",
    });
    const { lines } = await stage.call<{ lines: { id: string; ticket_type_id: string }[] }>(
        "GET",
        `/v1/carts/${sale.id}`,
    );
    const line = lines.find((one) => one.ticket_type_id === vip)!;
    await stage.call("POST", `/v1/reservations/${line.id}/refunds`, {
        quantity: 2,
        reason: "Cannot come",
        tender: "cash",
    });
    await stage.call("POST", "/v1/reservations", { ticket_type_id: general, quantity: 5 });
    await stage.call("POST", `/v1/ticket-types/${general}/increase`, {
        quantity: 150,
        reason: "Side gallery opened by venue",
    });
    interface Inventory {
        totals: Record<"initial" | "total" | "sold" | "reserved" | "available", number>;
    }
    const { totals } = await stage.call<Inventory>("GET", `/v1/events/${id}/inventory`);
    const screen = await stage.signedIn("event_manager", `/admin/events/${id}`);
    const shown = await screen.page.locator(".headline div:not(.op) dd").allInnerTexts();
    assert.deepEqual(
        shown.map((text) => Number(/[\d,]+/.exec(text)![0].replaceAll(",", ""))),
        [totals.initial, totals.total, totals.sold, totals.reserved, totals.available],
    );

    interface Report {
        totals: Record<"tickets_sold" | "tickets_refunded" | "gross" | "refunds" | "net", number>;
    }
    const report = await stage.call<Report>(
        "GET",
        `/v1/reports/sales?event_id=${id}&group_by=ticket_type`,
    );
    await screen.goto(`/admin/events/${id}/reports?period=all`);
    const money = (minor: number) =>
        (minor / 100).toLocaleString("en-US", { style: "currency", currency: "USD" });
    const cells = await screen.page.locator("tfoot td").allInnerTexts();
    assert.equal(
        await screen.page.locator("tfoot tr > *").count(),
        await screen.page.locator("thead th").count(),
        "the totals stand below their columns",
    );
    assert.deepEqual(cells.slice(0, 5), [
        String(report.totals.tickets_sold),
        String(report.totals.tickets_refunded),
        money(report.totals.gross),
        money(report.totals.refunds),
        money(report.totals.net),
    ]);
    await screen.close();
});
