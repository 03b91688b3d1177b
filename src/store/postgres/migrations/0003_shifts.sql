-- What a shift has counted, by tender; it moves with the log's entries of the shift, in their
-- transaction.

ALTER TABLE ticketd.shifts ADD COLUMN operator_kind text NOT NULL DEFAULT 'key';

CREATE TABLE ticketd.shift_totals (
    shift_id uuid NOT NULL REFERENCES ticketd.shifts (id),
    tender text NOT NULL, -- empty: none
    sales bigint NOT NULL,
    tickets_sold bigint NOT NULL,
    tickets_refunded bigint NOT NULL,
    gross bigint NOT NULL,
    refunds bigint NOT NULL,
    PRIMARY KEY (shift_id, tender)
);
