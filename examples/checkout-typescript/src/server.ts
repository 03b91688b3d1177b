// TICKETD=http://127.0.0.1:8080 TICKETD_KEY=tkd_… npm start
import { serve } from "@hono/node-server";
import { createClient } from "@ticketd/client";

import { checkout } from "./checkout.ts";
import type { Payments } from "./payments.ts";

const { TICKETD, TICKETD_KEY } = process.env;
if (TICKETD_KEY === undefined)
    throw new Error("TICKETD_KEY is not set: ticketd key create --role checkout");

// Says yes to everybody: put your payment service here.
const payments: Payments = {
    charge: () => Promise.resolve("paid"),
    refund: () => Promise.resolve(),
};
const client = createClient({ baseUrl: TICKETD ?? "http://127.0.0.1:8080", key: TICKETD_KEY });
serve(
    { fetch: checkout({ client, payments }).fetch, port: 3000, hostname: "127.0.0.1" },
    ({ port }) => console.log(`http://127.0.0.1:${port}/checkout`),
);
