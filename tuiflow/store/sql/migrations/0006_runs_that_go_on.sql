-- A run that ended may go on, and a new one may take over what another has done before a node.
ALTER TABLE runs ADD COLUMN reopened_at INTEGER;
ALTER TABLE runs ADD COLUMN source_run_id TEXT;
ALTER TABLE runs ADD COLUMN from_path TEXT;
