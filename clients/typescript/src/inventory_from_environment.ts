// The same functions for a shop that imports them by name; TICKETD_URL and TICKETD_KEY say of whom.
import { createClient } from "./client.ts";
import { createTicketInventory, type TicketInventory } from "./inventory.ts";

// As much of Node as is needed here: the package has no types of it.
declare const process: { env: Record<string, string | undefined> };

let made: TicketInventory | undefined;

function inventory(): TicketInventory {
    if (made === undefined) {
        const { TICKETD_URL, TICKETD_KEY } = process.env;
        if (!TICKETD_URL || !TICKETD_KEY)
            throw new Error("TICKETD_URL and TICKETD_KEY are not set");
        made = createTicketInventory(createClient({ baseUrl: TICKETD_URL, key: TICKETD_KEY }));
    }
    return made;
}

export const getAvailableTicketCount: TicketInventory["getAvailableTicketCount"] = async (id) =>
    inventory().getAvailableTicketCount(id);

export const reserveTickets: TicketInventory["reserveTickets"] = async (id, quantity, minutes) =>
    inventory().reserveTickets(id, quantity, minutes);

export const completeTicketSale: TicketInventory["completeTicketSale"] = async (id, orderId) =>
    inventory().completeTicketSale(id, orderId);

export const increaseTicketInventory: TicketInventory["increaseTicketInventory"] = async (
    id,
    additional,
    reason,
) => inventory().increaseTicketInventory(id, additional, reason);

export const releaseExpiredReservations: TicketInventory["releaseExpiredReservations"] = async () =>
    inventory().releaseExpiredReservations();
