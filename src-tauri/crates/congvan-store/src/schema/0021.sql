-- Schema 21. Search by field: what a document says of itself stands in columns of the index, beside its
-- words as written (`exact`) and what it can be narrowed by (`fact`). The words are filled in again by
-- the program, in a transaction of its own, as long as `search_stale` has its row.

DROP TABLE search;
CREATE VIRTUAL TABLE search USING fts5(
  number, day, agency, signer, subject, other, pages, exact, fact,
  content='', contentless_delete=1,
  tokenize="unicode61 remove_diacritics 0", prefix='1 2 3'
);
CREATE TABLE search_stale(one INTEGER PRIMARY KEY CHECK(one = 1)) STRICT;
INSERT INTO search_stale VALUES (1);

-- The words of the pages of a document's file; empty where it has none.
CREATE TABLE file_text(
  sha256 BLOB NOT NULL PRIMARY KEY CHECK(length(sha256) = 32),
  words TEXT NOT NULL
) STRICT;
-- Files of documents that are here and were not read for search: as short as what there is to do.
CREATE TABLE file_unread(
  row INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE CHECK(length(sha256) = 32)
) STRICT;
INSERT INTO file_unread(sha256)
  SELECT DISTINCT f.sha256 FROM document d JOIN file_blob f ON f.document = d.id AND f.head = 1
    JOIN blob b ON b.sha256 = f.sha256 AND b.state = 'present' ORDER BY d.row;
CREATE TRIGGER file_unread_of_document AFTER INSERT ON file_blob
WHEN NEW.head = 1 AND EXISTS (SELECT 1 FROM blob WHERE sha256 = NEW.sha256 AND state = 'present')
  AND NOT EXISTS (SELECT 1 FROM file_text WHERE sha256 = NEW.sha256)
BEGIN INSERT OR IGNORE INTO file_unread(sha256) VALUES (NEW.sha256); END;
CREATE TRIGGER file_unread_of_blob AFTER INSERT ON blob
WHEN NEW.state = 'present' AND EXISTS (SELECT 1 FROM file_blob WHERE sha256 = NEW.sha256 AND head = 1)
  AND NOT EXISTS (SELECT 1 FROM file_text WHERE sha256 = NEW.sha256)
BEGIN INSERT OR IGNORE INTO file_unread(sha256) VALUES (NEW.sha256); END;
CREATE TRIGGER file_unread_read AFTER INSERT ON file_text
BEGIN DELETE FROM file_unread WHERE sha256 = NEW.sha256; END;
-- Nothing is kept of what is not here any more.
CREATE TRIGGER file_text_goes AFTER DELETE ON blob
BEGIN
  DELETE FROM file_text WHERE sha256 = OLD.sha256;
  DELETE FROM file_unread WHERE sha256 = OLD.sha256;
END;
CREATE TRIGGER file_text_goes_with_its_file AFTER UPDATE OF state ON blob WHEN NEW.state = 'condemned'
BEGIN
  DELETE FROM file_text WHERE sha256 = NEW.sha256;
  DELETE FROM file_unread WHERE sha256 = NEW.sha256;
END;

-- What results are counted by, without the documents themselves.
CREATE INDEX document_facts
  ON document(row, id, direction, kind, issuer, state, urgency, open, due_at);

-- Searches that this person keeps; they are this machine's own.
CREATE TABLE saved_search(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,       -- the name folded
  body TEXT NOT NULL                   -- what is looked for, as JSON
) STRICT;
