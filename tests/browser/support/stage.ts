// A real daemon, a real browser, and people who sign in: what every test of the pages begins with.
//
// Whatever a page complains about (a console error, a broken Content-Security-Policy, an exception) fails
// the test when its screen is closed, unless the test said that it would come.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";

import { createKey, Daemon } from "../../api/support/daemon.ts";

export type Role = "admin" | "event_manager" | "box_office" | "viewer";
export type Theme = "light" | "dark";

export const WIDTHS = { phone: 390, tablet: 820, desktop: 1440 } as const;

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
// WCAG 2.2 AA and what it is made of.
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export interface ScreenOptions {
    width?: number;
    height?: number;
    theme?: Theme;
    touch?: boolean;
    reducedMotion?: boolean;
    clockSkewMs?: number;
}

export interface Account {
    id: string;
    email: string;
    password: string;
}

export class Stage {
    private accounts = 0;

    private constructor(
        readonly daemon: Daemon,
        private readonly browser: Browser,
        private readonly key: string,
    ) {}

    static async open(options: string[] = []): Promise<Stage> {
        let key = "";
        const daemon = await Daemon.start(options, async (database) => {
            key = await createKey(database, "the tests", "admin");
        });
        try {
            return new Stage(daemon, await chromium.launch({ executablePath: CHROMIUM }), key);
        } catch (error) {
            await daemon.stop();
            throw error;
        }
    }

    async close(): Promise<void> {
        await this.browser.close();
        await this.daemon.stop();
    }

    get origin(): string {
        return `http://${this.daemon.address.host}:${this.daemon.address.port}`;
    }

    // The API with an administrator's key; anything but a success throws.
    async call<T>(method: string, path: string, body?: object, ifMatch?: string): Promise<T> {
        const reply = await fetch(this.origin + path, {
            method,
            headers: {
                Authorization: `Bearer ${this.key}`,
                ...(body === undefined ? {} : { "Content-Type": "application/json" }),
                ...(ifMatch === undefined ? {} : { "If-Match": ifMatch }),
            },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const text = await reply.text();
        if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
        return (text === "" ? undefined : JSON.parse(text)) as T;
    }

    // An event in a month with these ticket types; counts as given.
    async event(
        name: string,
        types: { name: string; price?: number; initial_inventory: number }[],
    ): Promise<{ id: string; types: string[] }> {
        const start_date = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString();
        const { id } = await this.call<{ id: string }>("POST", "/v1/events", {
            name,
            start_date,
            published: true,
            currency: "USD",
            time_zone: "America/Chicago",
        });
        const ids: string[] = [];
        for (const type of types) {
            const made = await this.call<{ id: string }>("POST", `/v1/events/${id}/ticket-types`, {
                price: 2500,
                ...type,
            });
            ids.push(made.id);
        }
        return { id, types: ids };
    }

    async account(role: Role, event_ids?: string[]): Promise<Account> {
        const number = ++this.accounts;
        const email = `${role}-${number}@example.test`;
        const name = `${role[0]!.toUpperCase()}${role.slice(1).replace("_", " ")} ${number}`;
        const made = await this.call<{ id: string; password: string }>("POST", "/v1/staff", {
            email,
            name,
            role,
            ...(event_ids === undefined ? {} : { event_ids }),
        });
        return { id: made.id, email, password: made.password };
    }

    // A browser window of somebody's own; nobody is signed in yet.
    async screen(options: ScreenOptions = {}): Promise<Screen> {
        const { width = 1440, height = 900, theme = "light", touch = false } = options;
        const context = await this.browser.newContext({
            viewport: { width, height },
            colorScheme: theme,
            hasTouch: touch,
            locale: "en-US",
            timezoneId: "UTC",
            reducedMotion: (options.reducedMotion ?? true) ? "reduce" : "no-preference",
        });
        const page = await context.newPage();
        if (options.clockSkewMs !== undefined)
            await page.addInitScript((skew) => {
                const now = Date.now.bind(Date);
                Date.now = () => now() + skew;
            }, options.clockSkewMs);
        return new Screen(this, context, page);
    }

    // A window in which somebody has signed in by hand, on this page.
    async signedIn(role: Role, path: string, options: ScreenOptions = {}): Promise<Screen> {
        const screen = await this.screen(options);
        const account = await this.account(role);
        await screen.goto("/admin/sign-in");
        await screen.signIn(account);
        await screen.goto(path);
        return screen;
    }
}

export class Screen {
    readonly complaints: string[] = [];
    private readonly expected: RegExp[] = [];

    constructor(
        readonly stage: Stage,
        readonly context: BrowserContext,
        readonly page: Page,
    ) {
        page.on("pageerror", (error) => this.complaints.push(`exception: ${error.message}`));
        page.on("console", (message) => {
            // The browser's own line about the page's first question, whether somebody is signed in.
            const isWhoAmI =
                /401/.test(message.text()) && message.location().url.endsWith("/v1/me");
            if ((message.type() === "error" || message.type() === "warning") && !isWhoAmI)
                this.complaints.push(`${message.type()}: ${message.text()}`);
        });
    }

    // A complaint that the test itself brings about, such as the browser's line about a 409.
    expects(complaint: RegExp): this {
        this.expected.push(complaint);
        return this;
    }

    async goto(path: string): Promise<void> {
        await this.page.goto(this.stage.origin + path);
        await this.settled();
    }

    // The page's heading is there and nothing on it says that it is still loading.
    async settled(): Promise<void> {
        await this.page.locator("h1").first().waitFor();
        await this.page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
    }

    async signIn(account: Account): Promise<void> {
        await this.page.getByLabel("E-mail").fill(account.email);
        await this.page.getByLabel("Password").fill(account.password);
        await this.page.getByRole("button", { name: "Sign in" }).click();
        await this.page.waitForURL((url) => !url.pathname.endsWith("/sign-in"));
        await this.settled();
    }

    // Each violation of WCAG 2.2 AA on the page as it stands, in a line.
    async violations(): Promise<string[]> {
        // Through the debugger's door: the page's own policy lets no foreign script in.
        await this.page.evaluate(await readFile(AXE, "utf8"));
        return this.page.evaluate(async (rules) => {
            interface Axe {
                run(
                    context: Document,
                    options: object,
                ): Promise<{
                    violations: { id: string; help: string; nodes: { html: string }[] }[];
                }>;
            }
            const { axe } = globalThis as unknown as { axe: Axe };
            const { violations } = await axe.run(document, {
                runOnly: { type: "tag", values: rules },
            });
            return violations.flatMap(({ id, help, nodes }) =>
                nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`),
            );
        }, RULES);
    }

    // How far the page can be scrolled sideways: 0, or something does not fit.
    async overflow(): Promise<number> {
        return this.page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
    }

    async close(): Promise<void> {
        await this.context.close();
        const unexpected = this.complaints.filter(
            (complaint) => !this.expected.some((expected) => expected.test(complaint)),
        );
        if (unexpected.length > 0)
            throw new Error(`the page complained:\n${unexpected.join("\n")}`);
    }
}
