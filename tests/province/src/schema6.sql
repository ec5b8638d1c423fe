-- Schema 6. How incoming documents are handled, and what senders over the axis are told with a reason.

CREATE TABLE handling(        -- who has to do with a document, as the protocol's Handling in JSON
  document BLOB PRIMARY KEY REFERENCES document,
  body     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE axis_status ADD COLUMN reason TEXT NOT NULL DEFAULT '';
