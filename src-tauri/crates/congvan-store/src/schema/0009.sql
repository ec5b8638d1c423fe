-- Schema 9. Files that are not here, kept in the order in which they are needed, so that what to fetch
-- next costs a look at those few and not at the whole desk.

CREATE TABLE file_missing(
  sha256 BLOB NOT NULL CHECK(length(sha256) = 32),
  document BLOB NOT NULL,
  row INTEGER NOT NULL,                -- of the document
  kept INTEGER NOT NULL,               -- 1: of an open document or one to be signed, however old
  rank INTEGER NOT NULL,               -- 0 urgent and mine, 1 urgent, 2 mine, 3 neither
  urgency INTEGER NOT NULL,
  due_at INTEGER NOT NULL,             -- the largest number when nothing is due
  size INTEGER NOT NULL,
  PRIMARY KEY(sha256, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_missing_kept ON file_missing(rank, due_at, size) WHERE kept = 1;
CREATE INDEX file_missing_other ON file_missing(row) WHERE kept = 0;

CREATE VIEW file_wanting AS
  SELECT f.sha256, f.document, d.row,
    d.open = 1 OR d.state = 'awaiting_signature' AS kept,
    (d.urgency < 1) * 2
      + ((d.role IN ('lead', 'support') OR d.state = 'awaiting_signature') IS NOT TRUE) AS rank,
    d.urgency, coalesce(d.due_at, 9223372036854775807) AS due_at, f.size
  FROM file_blob f JOIN document d ON d.id = f.document
  WHERE f.head = 1
    AND NOT EXISTS (SELECT 1 FROM blob b WHERE b.sha256 = f.sha256 AND b.state = 'present');

-- A document is put in its place before its files, and its files are all written anew. No trigger
-- says OR REPLACE: the conflict clause of the statement that fires it would count instead.
CREATE TRIGGER file_missing_new AFTER INSERT ON file_blob WHEN NEW.head = 1
  BEGIN DELETE FROM file_missing WHERE sha256 = NEW.sha256 AND document = NEW.document;
    INSERT INTO file_missing SELECT * FROM file_wanting WHERE sha256 = NEW.sha256 AND document = NEW.document; END;
CREATE TRIGGER file_missing_head AFTER UPDATE OF head ON file_blob WHEN NEW.head = 1
  BEGIN DELETE FROM file_missing WHERE sha256 = NEW.sha256 AND document = NEW.document;
    INSERT INTO file_missing SELECT * FROM file_wanting WHERE sha256 = NEW.sha256 AND document = NEW.document; END;
CREATE TRIGGER file_missing_gone AFTER DELETE ON file_blob
  BEGIN DELETE FROM file_missing WHERE sha256 = OLD.sha256 AND document = OLD.document; END;
CREATE TRIGGER file_missing_came AFTER INSERT ON blob WHEN NEW.state = 'present'
  BEGIN DELETE FROM file_missing WHERE sha256 = NEW.sha256; END;
CREATE TRIGGER file_missing_came_again AFTER UPDATE OF state ON blob WHEN NEW.state = 'present'
  BEGIN DELETE FROM file_missing WHERE sha256 = NEW.sha256; END;
CREATE TRIGGER file_missing_lost AFTER UPDATE OF state ON blob WHEN NEW.state <> 'present'
  BEGIN DELETE FROM file_missing WHERE sha256 = NEW.sha256;
    INSERT INTO file_missing SELECT * FROM file_wanting WHERE sha256 = NEW.sha256; END;
CREATE TRIGGER file_missing_removed AFTER DELETE ON blob
  BEGIN DELETE FROM file_missing WHERE sha256 = OLD.sha256;
    INSERT INTO file_missing SELECT * FROM file_wanting WHERE sha256 = OLD.sha256; END;

INSERT INTO file_missing SELECT * FROM file_wanting;

-- The counts beside the lists come from indexes alone: (direction, read_at), (open, due_at).
DROP INDEX document_unread;
CREATE INDEX document_by_reading ON document(direction, read_at);
CREATE INDEX document_by_due ON document(open, due_at);
