export {
    createClient,
    type Arguments,
    type Body,
    type Client,
    type Data,
    type Query,
    type Schemas,
} from "./client.ts";
export { createTicketInventory, type InventoryOptions, type TicketInventory } from "./inventory.ts";
export { TicketdError, TicketdUnreachable, type FieldError, type Problem } from "./problem.ts";
export type { LiveCounts, LiveMessage, StreamOptions } from "./stream.ts";
export type { Answered, CallOptions, RetryOptions, TransportOptions } from "./transport.ts";
export { uuidv7 } from "./uuid.ts";
