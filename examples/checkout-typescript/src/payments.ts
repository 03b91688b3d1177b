// The payment service, as far as a checkout sees it. A real shop puts Stripe or another one here.

export type PaymentResult = "paid" | "declined";

export interface Payments {
    /** Charges once for an order, however often it is asked. Throws where no answer came: the payment may or
     * may not have happened. */
    charge(orderId: string, amount: number, currency: string): Promise<PaymentResult>;
    /** Gives the money back, or keeps a charge that is still under way from being made; harmless where nothing
     * was charged, and when repeated. */
    refund(orderId: string): Promise<void>;
}
