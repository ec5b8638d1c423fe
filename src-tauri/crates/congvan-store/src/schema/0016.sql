-- Schema 16. What is long of a letter stands beside it: a row whose text spills over several pages of
-- the file costs all of them to whoever asks for its last column, and the list asks for every row.

CREATE TABLE scan_text(
  row INTEGER PRIMARY KEY,               -- of scan_letter
  readings TEXT NOT NULL DEFAULT '[]',   -- JSON: how sure and from where each field is
  words TEXT                             -- of all its pages, for search, read at words_rev; NULL = not read yet
) STRICT;
INSERT INTO scan_text(row, readings, words) SELECT row, readings, words FROM scan_letter;
ALTER TABLE scan_letter DROP COLUMN readings;
ALTER TABLE scan_letter DROP COLUMN words;

-- Nothing can forget it.
CREATE TRIGGER scan_text_gone AFTER DELETE ON scan_letter
  BEGIN DELETE FROM scan_text WHERE row = OLD.row; END;
