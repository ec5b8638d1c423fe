-- Schema 10. Who stands in a leader's place, for some acts and some time.

CREATE TABLE mandate(
  id         BLOB PRIMARY KEY,                    -- made by the giver's desk
  giver      INTEGER NOT NULL REFERENCES account,
  holder     INTEGER NOT NULL REFERENCES account,
  since      INTEGER NOT NULL,                    -- in force from here
  until      INTEGER NOT NULL,                    -- to before here
  revoked_at INTEGER,
  opened     INTEGER NOT NULL DEFAULT 0,          -- what lay before the giver was shown to the holder
  body       TEXT NOT NULL                        -- the protocol's Mandate, as it was given
) STRICT;
CREATE INDEX mandate_holder ON mandate(holder, until);
CREATE INDEX mandate_giver ON mandate(giver, until);
