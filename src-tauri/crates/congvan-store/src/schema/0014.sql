-- Schema 14. Drafts of documents that go out and that the server does not show yet.

CREATE TABLE overlay_draft(
  document BLOB PRIMARY KEY CHECK(length(document) = 16),
  op_id BLOB NOT NULL CHECK(length(op_id) = 16)
) STRICT, WITHOUT ROWID;
CREATE INDEX overlay_draft_of_op ON overlay_draft(op_id);
