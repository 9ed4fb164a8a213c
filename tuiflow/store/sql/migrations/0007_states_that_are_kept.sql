-- What folding a long run has given, up to one of its events; `rules` names the code that did it.
CREATE TABLE snapshots (
  run_id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  rules TEXT NOT NULL,
  state BLOB NOT NULL
) STRICT;

-- It never held anything, and would be read with every look at a run.
ALTER TABLE runs DROP COLUMN snapshot;

-- Of its outline this alone is asked for often.
ALTER TABLE runs ADD COLUMN cancel_grace REAL;
UPDATE runs SET cancel_grace = json_extract(outline, '$.cancel_grace') WHERE json_valid(outline);
