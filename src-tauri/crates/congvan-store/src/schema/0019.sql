-- Schema 19. In what capacity an act was done, as JSON of the protocol's Capacity; none: by all posts.

ALTER TABLE outbox ADD COLUMN capacity TEXT;
CREATE TRIGGER outbox_capacity_stays BEFORE UPDATE OF capacity ON outbox
BEGIN SELECT RAISE(ABORT, 'the facts of an intent never change'); END;
