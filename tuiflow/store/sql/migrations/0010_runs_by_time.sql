-- How many runs of the last day failed is asked with all news there is: what that needs stands in
-- the index.
CREATE INDEX runs_by_time ON runs (created_at, status, parent_run_id) WHERE parent_run_id IS NULL;
