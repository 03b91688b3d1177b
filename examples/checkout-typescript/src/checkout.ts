// A checkout that cannot oversell: reserve while the buyer pays, complete when the payment is there, release
// when it failed or took too long.
//
//     POST /checkout {ticket_type_id, quantity}      -> 201 {reservation_id, expires_at, amount} | 409 sold out
//     POST /checkout/:reservation/pay {order_id}     -> 200 sold | 402 declined | 409 too late | 504 no answer
//     POST /checkout/:reservation/cancel             -> 200
import { Hono } from "hono";
import { TicketdError, type Client } from "@ticketd/client";

import type { Payments } from "./payments.ts";

export interface CheckoutOptions {
    client: Client;
    payments: Payments;
    /** How long the payment service may take. */
    paymentLimitMs?: number;
}

const CHECKOUT_SECONDS = 15 * 60;

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

export function checkout({ client, payments, paymentLimitMs = 30_000 }: CheckoutOptions): Hono {
    const app = new Hono();

    app.post("/checkout", async (context) => {
        const { ticket_type_id, quantity } = await context.req.json<{
            ticket_type_id: string;
            quantity: number;
        }>();
        try {
            const reservation = await client.reservations.create({
                ticket_type_id,
                quantity,
                expires_in_seconds: CHECKOUT_SECONDS,
            });
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
                return context.json({ sold_out: true, available: error.problem["available"] }, 409);
            throw error;
        }
    });

    app.post("/checkout/:reservation/pay", async (context) => {
        const id = context.req.param("reservation");
        const { order_id } = await context.req.json<{ order_id: string }>();
        const reservation = await client.reservations.get(id);
        const amount = reservation.unit_price * reservation.quantity;
        let paid: boolean;
        try {
            const charged = payments.charge(order_id, amount, reservation.currency);
            paid = (await within(paymentLimitMs, charged)) === "paid";
        } catch {
            // Nobody knows whether it was charged: undo it, and give the tickets back.
            await payments.refund(order_id);
            await client.reservations.release(id, { reason: "Payment timed out" });
            return context.json({ sold: false, reason: "no answer from the payment service" }, 504);
        }
        if (!paid) {
            await client.reservations.release(id, { reason: "Payment declined" });
            return context.json({ sold: false, reason: "declined" }, 402);
        }
        try {
            // The buyer has paid: a reservation that ran out meanwhile takes its tickets again, if there are any.
            const sale = await client.reservations.complete(id, { order_id });
            return context.json({ sold: true, order_id: sale.order_id });
        } catch (error) {
            if (!(error instanceof TicketdError) || error.status !== 409) throw error;
            await payments.refund(order_id);
            return context.json({ sold: false, reason: error.code }, 409);
        }
    });

    app.post("/checkout/:reservation/cancel", async (context) => {
        const id = context.req.param("reservation");
        const { status } = await client.reservations.release(id, { reason: "Buyer cancelled" });
        return context.json({ status });
    });

    return app;
}
