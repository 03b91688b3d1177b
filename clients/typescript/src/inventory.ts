// The functions of a shop that kept its own counters, under the same names, with the same parameters and
// results: the tables behind them are ticketd's now.
import type { Client } from "./client.ts";
import { TicketdError } from "./problem.ts";

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

/** What a refusal was called before; the client's own error is its `cause`. */
function failed(what: string, error: unknown): Error {
    const why = error instanceof Error ? error.message : String(error);
    return new Error(`${what}: ${why}`, { cause: error });
}

export function createTicketInventory(client: Client): TicketInventory {
    return {
        async getAvailableTicketCount(ticketTypeId) {
            try {
                return (await client.ticketTypes.availability(ticketTypeId)).available;
            } catch (error) {
                if (error instanceof TicketdError && error.code === "not_found")
                    throw new Error("Ticket type not found", { cause: error });
                throw failed("Failed to get ticket count", error);
            }
        },

        async reserveTickets(ticketTypeId, quantity, expirationMinutes = 15) {
            try {
                const { id } = await client.reservations.create({
                    ticket_type_id: ticketTypeId,
                    quantity,
                    expires_in_seconds: Math.round(expirationMinutes * 60),
                });
                return { success: true, reservation_id: id };
            } catch (error) {
                if (error instanceof TicketdError && error.code === "insufficient_inventory")
                    return { success: false };
                throw failed("Failed to create reservation", error);
            }
        },

        async completeTicketSale(reservationId, orderId) {
            try {
                await client.reservations.complete(reservationId, { order_id: orderId });
                return { success: true };
            } catch (error) {
                if (error instanceof TicketdError && error.code === "not_found")
                    throw new Error("Reservation not found", { cause: error });
                throw failed("Failed to complete the sale", error);
            }
        },

        async increaseTicketInventory(ticketTypeId, additionalQuantity, reason) {
            try {
                const { total } = await client.ticketTypes.increase(ticketTypeId, {
                    quantity: additionalQuantity,
                    reason,
                });
                return { success: true, new_total: total };
            } catch (error) {
                if (error instanceof TicketdError && error.status === 401)
                    throw new Error("Authentication required", { cause: error });
                if (error instanceof TicketdError && error.status === 403)
                    throw new Error("Permission denied", { cause: error });
                throw failed("Failed to update ticket inventory", error);
            }
        },

        async releaseExpiredReservations() {
            const { released } = await client.reservations.releaseExpired();
            return { released };
        },
    };
}
