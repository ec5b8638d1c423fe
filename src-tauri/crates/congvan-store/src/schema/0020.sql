-- Schema 20. What an opinion of ours is about that is not sent yet, as JSON of the protocol's
-- OpinionAbout; none: about the document as a whole. The outbox has it among its facts.

ALTER TABLE overlay_opinion ADD COLUMN about TEXT;
