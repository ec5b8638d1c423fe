-- Schema 11. Acts on incoming documents that the server does not show yet, laid over the mirror.

CREATE TABLE overlay_act(
  op_id BLOB PRIMARY KEY CHECK(length(op_id) = 16),
  document BLOB NOT NULL,
  state TEXT NOT NULL,                 -- the document's after it
  open INTEGER NOT NULL,               -- whether it still waits to be handled after it
  due TEXT                             -- its deadline after it, JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX overlay_act_document ON overlay_act(document);
