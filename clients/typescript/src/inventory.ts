// The functions of a shop that kept its own counters, under the same names, with the same parameters and
// results: the tables behind them are ticketd's now.
import type { Client } from "./client.ts";
import { TicketdError } from "./problem.ts";
import type { CallOptions } from "./transport.ts";

export interface TicketInventory {
    /** Tickets that can be taken now; never below 0. */
    getAvailableTicketCount(ticketTypeId: string): Promise<number>;
    /** `success: false` where there are not enough. */
    reserveTickets(
        ticketTypeId: string,
        quantity: number,
        expirationMinutes?: number,
    ): Promise<{ success: boolean; reservation_id?: string }>;
    /** Repeating it with the same order is harmless. Throws where the reservation cannot be sold any more. */
    completeTicketSale(reservationId: string, orderId: string): Promise<{ success: boolean }>;
    increaseTicketInventory(
        ticketTypeId: string,
        additionalQuantity: number,
        reason: string,
    ): Promise<{ success: boolean; new_total: number }>;
    /** Nothing needs to call it: reservations end by themselves, at their instant. */
    releaseExpiredReservations(): Promise<{ released: number }>;
}

export interface InventoryOptions {
    /** Who is signed in to the shop, if anybody: becomes `user_id` in the audit log. */
    user?: () => string | null | undefined | Promise<string | null | undefined>;
}

export function createTicketInventory(
    client: Client,
    { user }: InventoryOptions = {},
): TicketInventory {
    const acting = async (): Promise<CallOptions> => {
        const id = await user?.();
        return id ? { actingUser: id } : {};
    };
    return {
        async getAvailableTicketCount(ticketTypeId) {
            try {
                return (await client.ticketTypes.availability(ticketTypeId)).available;
            } catch (error) {
                throw said(error, "Failed to get ticket count", {
                    not_found: "Ticket type not found",
                });
            }
        },

        async reserveTickets(ticketTypeId, quantity, expirationMinutes = 15) {
            const expires_in_seconds = Math.round(expirationMinutes * 60);
            const body = { ticket_type_id: ticketTypeId, quantity, expires_in_seconds };
            try {
                const { id } = await client.reservations.create(body, await acting());
                return { success: true, reservation_id: id };
            } catch (error) {
                if (error instanceof TicketdError && error.code === "insufficient_inventory")
                    return { success: false };
                throw said(error, "Failed to create reservation", {
                    not_found: "Failed to fetch ticket type",
                });
            }
        },

        async completeTicketSale(reservationId, orderId) {
            try {
                const body = { order_id: orderId };
                await client.reservations.complete(reservationId, body, await acting());
                return { success: true };
            } catch (error) {
                throw said(error, "Failed to complete the sale", {
                    not_found: "Reservation not found",
                    reservation_expired: "Reservation is expired, not active",
                    reservation_released: "Reservation is released, not active",
                    order_mismatch: "Reservation is completed, not active",
                });
            }
        },

        async increaseTicketInventory(ticketTypeId, additionalQuantity, reason) {
            try {
                const body = { quantity: additionalQuantity, reason };
                const { total } = await client.ticketTypes.increase(
                    ticketTypeId,
                    body,
                    await acting(),
                );
                return { success: true, new_total: total };
            } catch (error) {
                throw said(error, "Failed to update ticket inventory", {
                    unauthenticated: "Authentication required",
                    token_expired: "Authentication required",
                    role_required: "Permission denied",
                    event_out_of_scope: "Permission denied",
                    not_found: "Failed to fetch ticket type",
                });
            }
        },

        async releaseExpiredReservations() {
            try {
                const { released } = await client.reservations.releaseExpired();
                return { released };
            } catch (error) {
                throw said(error, "Failed to find expired reservations", {});
            }
        },
    };
}

type Sentences = Record<string, string>;

/** What a refusal was called before; the client's own error is its `cause`. */

function said(error: unknown, what: string, sentences: Sentences): Error {
    const known = error instanceof TicketdError ? sentences[error.code] : undefined;
    const why = error instanceof Error ? error.message : String(error);
    return new Error(known ?? `${what}: ${why}`, { cause: error });
}
