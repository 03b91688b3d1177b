// A checkout that cannot oversell, and charges nobody for nothing: reserve while the buyer pays, complete when
// the payment is there, release when it failed or took too long.
//
//     POST /checkout {ticket_type_id, quantity}      -> 201 {reservation_id, expires_at, amount} | 409 sold out
//     POST /checkout/:reservation/pay {order_id}     -> 200 sold | 402 declined | 409 too late | 504 no answer
//     POST /checkout/:reservation/cancel             -> 200 given back | 409 sold already
//
// Each may be asked again, by a double click, the browser's back button or after a lost answer, and then says
// what became of it. For the first, the page sends an Idempotency-Key that it made when it was opened. 503:
// ticketd cannot be asked now; ask again, with the same order.
import { Hono } from "hono";
import { TicketdError, TicketdUnreachable, type Client, type Schemas } from "@ticketd/client";

import type { Payments } from "./payments.ts";

export interface CheckoutOptions {
    client: Client;
    payments: Payments;
    /** How long the payment service may take. */
    paymentLimitMs?: number;
}

type Reservation = Schemas["Reservation"];
type Answer = [body: object, status: 200 | 402 | 409 | 504];

const CHECKOUT_SECONDS = 15 * 60;
/** Of a reservation, beyond the time that the payment service may take. */
const SPARE_SECONDS = 30;

const isConflict = (error: unknown): error is TicketdError =>
    error instanceof TicketdError && error.status === 409;

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, failed) => {
        timer = setTimeout(() => failed(new Error("the payment took too long")), limitMs);
    });
    try {
        return await Promise.race([work, late]);
    } finally {
        clearTimeout(timer);
    }
}

class Checkout {
    readonly #client: Client;
    readonly #payments: Payments;
    readonly #paymentLimitMs: number;

    constructor({ client, payments, paymentLimitMs = 30_000 }: CheckoutOptions) {
        this.#client = client;
        this.#payments = payments;
        this.#paymentLimitMs = paymentLimitMs;
    }

    async pay(id: string, orderId: string): Promise<Answer> {
        const reservation = await this.#client.reservations.get(id);
        const refused = await this.#cannotPay(reservation, orderId);
        if (refused !== undefined) return refused;
        const amount = reservation.unit_price * reservation.quantity;
        let paid: boolean;
        try {
            const charged = this.#payments.charge(orderId, amount, reservation.currency);
            paid = (await within(this.#paymentLimitMs, charged)) === "paid";
        } catch {
            // Nobody knows whether it was charged. The tickets first: once they are released, nothing else that
            // is under way for this order can sell them, and the money can go back.
            const sold = await this.#giveBack(id, orderId, "Payment timed out");
            if (sold !== undefined) return sold;
            await this.#payments.refund(orderId);
            return [{ sold: false, reason: "no answer from the payment service" }, 504];
        }
        if (paid) return this.#complete(id, orderId);
        const sold = await this.#giveBack(id, orderId, "Payment declined");
        return sold ?? [{ sold: false, reason: "declined" }, 402];
    }

    /** Before anything is charged: what there is to pay for, and that it outlives the payment. */
    async #cannotPay(reservation: Reservation, orderId: string): Promise<Answer | undefined> {
        const needed = Math.ceil(this.#paymentLimitMs / 1000) + SPARE_SECONDS;
        let answer = said(reservation, orderId);
        if (reservation.status === "active") {
            if (reservation.remaining_seconds >= needed) return undefined;
            try {
                await this.#client.reservations.extend(reservation.id, {
                    expires_in_seconds: needed,
                });
                return undefined;
            } catch (error) {
                if (!isConflict(error)) throw error;
                answer = [{ sold: false, reason: error.code }, 409];
            }
        }
        // An earlier try may have charged, and not have heard whether the sale was made.
        if (answer[1] !== 200) await this.#payments.refund(orderId);
        return answer;
    }

    /** Where no answer comes, the money stays where it is: the sale may be there, and asking again says so. */
    async #complete(id: string, orderId: string): Promise<Answer> {
        try {
            return said(
                await this.#client.reservations.complete(id, { order_id: orderId }),
                orderId,
            );
        } catch (error) {
            if (!isConflict(error)) throw error;
            await this.#payments.refund(orderId);
            return [{ sold: false, reason: error.code }, 409];
        }
    }

    /** An answer where there is nothing to give back, because it was sold: by this order's other click, say. */
    async #giveBack(id: string, orderId: string, reason: string): Promise<Answer | undefined> {
        try {
            await this.#client.reservations.release(id, { reason });
            return undefined;
        } catch (error) {
            if (!isConflict(error)) throw error;
            const now = await this.#client.reservations.get(id);
            return now.order_id === orderId ? said(now, orderId) : undefined;
        }
    }
}

/** What became of a reservation, told to who pays for `orderId`. */
function said({ status, order_id }: Reservation, orderId: string): Answer {
    if (status === "completed" && order_id === orderId) return [{ sold: true, order_id }, 200];
    const reason = status === "completed" ? "order_mismatch" : `reservation_${status}`;
    return [{ sold: false, reason }, 409];
}

export function checkout(options: CheckoutOptions): Hono {
    const { client } = options;
    const payment = new Checkout(options);
    const app = new Hono();

    app.post("/checkout", async (context) => {
        const { ticket_type_id, quantity } = await context.req.json<{
            ticket_type_id: string;
            quantity: number;
        }>();
        const idempotencyKey = context.req.header("Idempotency-Key");
        try {
            const reservation = await client.reservations.create(
                { ticket_type_id, quantity, expires_in_seconds: CHECKOUT_SECONDS },
                idempotencyKey === undefined ? {} : { idempotencyKey },
            );
            return context.json(
                {
                    reservation_id: reservation.id,
                    expires_at: reservation.expires_at,
                    amount: reservation.unit_price * reservation.quantity,
                    currency: reservation.currency,
                },
                201,
            );
        } catch (error) {
            if (error instanceof TicketdError && error.code === "insufficient_inventory")
                return context.json({ sold_out: true, available: error.problem.available }, 409);
            throw error;
        }
    });

    app.post("/checkout/:reservation/pay", async (context) => {
        const { order_id } = await context.req.json<{ order_id: string }>();
        return context.json(...(await payment.pay(context.req.param("reservation"), order_id)));
    });

    app.post("/checkout/:reservation/cancel", async (context) => {
        const id = context.req.param("reservation");
        try {
            const { status } = await client.reservations.release(id, { reason: "Buyer cancelled" });
            return context.json({ status });
        } catch (error) {
            if (!isConflict(error)) throw error;
            return context.json({ status: (await client.reservations.get(id)).status }, 409);
        }
    });

    app.onError((error, context) => {
        if (error instanceof TicketdUnreachable)
            return context.json({ reason: "try again in a moment" }, 503);
        if (!(error instanceof TicketdError)) throw error;
        const status = error.status === 404 || error.status === 422 ? error.status : 503;
        return context.json({ reason: error.code, detail: error.message }, status);
    });

    return app;
}
