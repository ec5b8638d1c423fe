-- Schema 8. The directory of agencies: the same for everybody.

CREATE TABLE agency(
  id   INTEGER PRIMARY KEY,    -- never given again: what was taken out stays as a tombstone
  seq  INTEGER NOT NULL UNIQUE,-- place of its last change among all changes
  body TEXT                    -- the protocol's Agency in JSON; NULL = taken out
) STRICT;
