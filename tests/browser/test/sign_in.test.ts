// Signing in, being signed out in the middle of something, and what a role does not see.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Stage } from "../support/stage.ts";

let stage: Stage;
let event: { id: string; types: string[] };

before(async () => {
    stage = await Stage.open();
    event = await stage.event("Midnight Parade", [
        { name: "General admission", initial_inventory: 100 },
    ]);
});
after(() => stage.close());

test("a wrong password is refused in words, and the right one leads where one wanted to go", async () => {
    const account = await stage.account("event_manager");
    const screen = (await stage.screen()).expects(/401/);
    await screen.page.goto(`${stage.origin}/admin/events/${event.id}`);
    await screen.page.getByLabel("E-mail").fill(account.email);
    await screen.page.getByLabel("Password").fill("not this one");
    await screen.page.getByRole("button", { name: "Sign in" }).click();
    await screen.page.getByRole("alert").filter({ hasText: /wrong/i }).waitFor();
    await screen.page.getByLabel("Password").fill(account.password);
    await screen.page.getByRole("button", { name: "Sign in" }).click();
    await screen.page.getByRole("heading", { level: 1, name: /Midnight Parade/ }).waitFor();
    assert.equal(new URL(screen.page.url()).pathname, `/admin/events/${event.id}`);
    await screen.close();
});

test("the cookie is out of reach of scripts, and gone after signing out", async () => {
    const screen = (await stage.signedIn("viewer", "/admin/")).expects(/401/);
    const [cookie] = await screen.context.cookies();
    assert.equal(cookie?.name, "ticketd");
    assert.equal(cookie?.httpOnly, true);
    assert.equal(cookie?.sameSite, "Strict");
    const status = await screen.page.evaluate(async () => {
        await fetch("/v1/session", { method: "DELETE" });
        return (await fetch("/v1/me")).status;
    });
    assert.equal(status, 401);
    await screen.close();
});

test("a session that ends in the middle of a form asks for the password and goes on", async () => {
    const account = await stage.account("event_manager");
    const screen = (await stage.screen()).expects(/401/);
    await screen.goto("/admin/sign-in");
    await screen.signIn(account);
    await screen.goto(`/admin/events/${event.id}/inventory`);
    await screen.page.getByRole("button", { name: "Add tickets to General admission" }).click();
    await screen.page.getByLabel("How many").fill("7");
    await screen.page.getByLabel(/Reason/).fill("Seven more chairs");
    await screen.context.clearCookies();
    await screen.page.getByRole("button", { name: "Add 7 tickets" }).click();
    await screen.page.getByLabel("Password").fill(account.password);
    await screen.page.getByRole("button", { name: "Sign in" }).click();
    await screen.page.getByRole("cell", { name: "107" }).first().waitFor();
    const { total } = await stage.call<{ total: number }>(
        "GET",
        `/v1/ticket-types/${event.types[0]}/availability`,
    );
    assert.equal(total, 107, "added once");
    await screen.close();
});

test("a session that ends while one only looks asks for the password, and the counts go on", async () => {
    const account = await stage.account("event_manager");
    const screen = (await stage.screen()).expects(/401|ERR_|Failed to load|net::/);
    await screen.goto("/admin/sign-in");
    await screen.signIn(account);
    await screen.goto(`/admin/events/${event.id}`);
    await screen.page.getByText("Live", { exact: true }).first().waitFor();
    await screen.context.clearCookies();
    await stage.daemon.restart({ samePort: true });
    await screen.page.getByLabel("Password").fill(account.password);
    await screen.page.getByRole("button", { name: "Sign in" }).click();
    await screen.page.getByText("Live", { exact: true }).first().waitFor();
    await stage.call("POST", `/v1/ticket-types/${event.types[0]}/increase`, {
        quantity: 4321,
        reason: "A field beside the hall",
    });
    await screen.page
        .getByText(/4,4\d\d/)
        .first()
        .waitFor();
    await screen.close();
});

test("who may not do a thing does not see it", async () => {
    const screen = await stage.signedIn("viewer", `/admin/events/${event.id}/inventory`);
    assert.equal(await screen.page.getByRole("button", { name: /^Add tickets/ }).count(), 0);
    assert.equal(await screen.page.getByRole("link", { name: "Staff" }).count(), 0);
    await screen.close();
});
