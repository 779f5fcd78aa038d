-- A leaf that came back from what was published, after an old backup had been restored: when it was
-- sealed first nobody knows any more, so nothing may be said that rests on the day of its seal.
ALTER TABLE sealed_leaf ADD COLUMN recovered INTEGER NOT NULL DEFAULT 0;
