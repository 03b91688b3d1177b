-- What a shift has counted, by tender; it moves with the log's entries of the shift, in their
-- transaction.

ALTER TABLE shifts ADD COLUMN operator_kind TEXT NOT NULL DEFAULT 'key';

CREATE TABLE shift_totals (
    shift_id BLOB NOT NULL REFERENCES shifts (id),
    tender TEXT NOT NULL, -- empty: none
    sales INTEGER NOT NULL,
    tickets_sold INTEGER NOT NULL,
    tickets_refunded INTEGER NOT NULL,
    gross INTEGER NOT NULL,
    refunds INTEGER NOT NULL,
    PRIMARY KEY (shift_id, tender)
) STRICT, WITHOUT ROWID;
