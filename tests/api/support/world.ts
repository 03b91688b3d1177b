// A daemon with an administrator, and short words for what tests need to exist first.
import { randomUUID } from "node:crypto";
import { Client, granted } from "./client.ts";
import { Contract } from "./contract.ts";
import { createKey, Daemon } from "./daemon.ts";
import type {
    ApiKey,
    AuditEntry,
    Cart,
    Counts,
    Event,
    Me,
    Page,
    Reservation,
    Staff,
    TicketType,
} from "./objects.ts";

export type Role = "admin" | "event_manager" | "box_office" | "checkout" | "viewer";

export const PRICE = 2_500;
export const PASSWORD = "correct horse battery";

export type Browser = Record<string, string>;
const DAY_MS = 24 * 3600 * 1000;

export class World {
    private constructor(
        readonly daemon: Daemon,
        readonly nobody: Client,
        readonly admin: Client,
    ) {}

    static async open(options: string[] = []): Promise<World> {
        let key = "";
        const daemon = await Daemon.start(options, async (database) => {
            key = await createKey(database, "the tests", "admin");
        });
        const nobody = new Client(daemon.address, Contract.load());
        return new World(daemon, nobody, nobody.as(key));
    }

    async close(): Promise<void> {
        this.nobody.close();
        await this.daemon.stop();
    }

    async key(role: Role, event_ids?: string[]): Promise<Client> {
        const body = { name: `a ${role}`, role, ...(event_ids === undefined ? {} : { event_ids }) };
        return this.nobody.as(
            granted(await this.admin.post<ApiKey>("/v1/api-keys", body), 201).key,
        );
    }

    async staff(role: Role, more: object = {}): Promise<Staff & { password: string }> {
        const body = {
            email: `${randomUUID()}@example.com`,
            name: `a ${role}`,
            role,
            password: PASSWORD,
            ...more,
        };
        const staff = granted(await this.admin.post<Staff>("/v1/staff", body), 201);
        return { ...staff, password: staff.password ?? PASSWORD };
    }

    // The headers with which a browser's page of ours would come: a cookie, and whose page it is.
    async signIn(email: string, password = PASSWORD): Promise<Browser> {
        const reply = await this.nobody.post<Me>("/v1/session", { email, password });
        granted(reply, 201);
        return { Cookie: cookieOf(reply.headers), "Sec-Fetch-Site": "same-origin" };
    }

    async signedIn(role: Role, more: object = {}): Promise<{ staff: Staff; browser: Browser }> {
        const staff = await this.staff(role, more);
        return { staff, browser: await this.signIn(staff.email, staff.password) };
    }

    // Published and a month away, unless told otherwise.
    async event(settings: object = {}): Promise<Event> {
        const body = {
            name: "Winter concert",
            start_date: inDays(30),
            published: true,
            ...settings,
        };
        return granted(await this.admin.post<Event>("/v1/events", body), 201);
    }

    async type(settings: object = {}, event?: Event): Promise<TicketType> {
        const { id } = event ?? (await this.event());
        const body = { name: "Stalls", price: PRICE, initial_inventory: 100, ...settings };
        return granted(
            await this.admin.post<TicketType>(`/v1/events/${id}/ticket-types`, body),
            201,
        );
    }

    async reservation(type: TicketType, quantity = 2, more: object = {}): Promise<Reservation> {
        const body = { ticket_type_id: type.id, quantity, ...more };
        return granted(await this.admin.post<Reservation>("/v1/reservations", body), 201);
    }

    async sale(type: TicketType, quantity = 2, more: object = {}): Promise<Reservation> {
        const { id } = await this.reservation(type, quantity);
        const body = { order_id: `order-${randomUUID()}`, ...more };
        return granted(await this.admin.post<Reservation>(`/v1/reservations/${id}/complete`, body));
    }

    async cart(lines: [TicketType, number][], more: object = {}): Promise<Cart> {
        const items = lines.map(([type, quantity]) => ({ ticket_type_id: type.id, quantity }));
        return granted(await this.admin.post<Cart>("/v1/carts", { items, ...more }), 201);
    }

    async soldCart(lines: [TicketType, number][]): Promise<Cart> {
        const { id } = await this.cart(lines);
        const body = { order_id: `order-${randomUUID()}` };
        return granted(await this.admin.post<Cart>(`/v1/carts/${id}/complete`, body));
    }

    async counts(type: TicketType): Promise<Counts> {
        const { ticket_type_id: _, ...counts } = granted(
            await this.admin.get<Counts & { ticket_type_id: string }>(
                `/v1/ticket-types/${type.id}/availability`,
            ),
        );
        return counts;
    }

    // The whole log of a ticket type, oldest first.
    async log(type: TicketType): Promise<AuditEntry[]> {
        const query = { ticket_type_id: type.id, limit: 200 };
        const page = granted(await this.admin.get<Page<AuditEntry>>("/v1/audit-log", { query }));
        if (page.next_cursor !== null) throw new Error("more than a page of entries");
        return page.data.reverse();
    }

    // Asks until a reservation or cart reads expired; its last second is the longest wait.
    async expiry(path: string): Promise<void> {
        const limit = Date.now() + 10_000;
        for (;;) {
            const seen = granted(
                await this.admin.get<{ status: string; remaining_seconds: number }>(path),
            );
            if (seen.status === "expired") return;
            if (Date.now() > limit) throw new Error(`${path} does not expire`);
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
    }
}

// "name=value" of a Set-Cookie.
export function cookieOf(headers: Record<string, string>): string {
    const set = headers["set-cookie"];
    if (set === undefined) throw new Error("no Set-Cookie");
    return set.split(";")[0]!;
}

export function inDays(days: number): string {
    return new Date(Date.now() + days * DAY_MS).toISOString();
}

// Every row of a list, page by page.
export async function allPages<T>(
    client: Client,
    path: string,
    query: Record<string, string | number>,
): Promise<T[]> {
    const rows: T[] = [];
    let cursor: string | null = null;
    do {
        const ask: Record<string, string | number> = cursor === null ? query : { ...query, cursor };
        const page: Page<T> = granted(await client.get<Page<T>>(path, { query: ask }));
        rows.push(...page.data);
        cursor = page.next_cursor;
    } while (cursor !== null);
    return rows;
}
