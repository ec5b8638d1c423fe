-- Version 3: heads of the audit chains of devices, each with the moment it was told.

CREATE TABLE anchor(
  account     INTEGER NOT NULL REFERENCES account,
  device      BLOB NOT NULL,
  head        TEXT NOT NULL,               -- rows ':' hash, as the device says it
  incarnation TEXT NOT NULL,
  at          INTEGER NOT NULL,            -- our clock
  PRIMARY KEY(account, device, head)
) STRICT, WITHOUT ROWID;
