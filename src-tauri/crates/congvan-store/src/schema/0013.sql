-- Schema 13. Fields of activity (lĩnh vực) of scanned letters, and stamps of less than their true size.

-- Code of the agency's list; empty where none was chosen.
ALTER TABLE scan_letter ADD COLUMN activity TEXT NOT NULL DEFAULT '';

-- Part of its true size that the stamp ĐẾN has; NULL = all of it.
ALTER TABLE seal ADD COLUMN scale REAL;
