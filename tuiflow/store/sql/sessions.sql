-- name: read_session
SELECT state FROM sessions WHERE session_id = :session_id;

-- name: save_session
INSERT INTO sessions (session_id, state, version, created_at, updated_at)
VALUES (:session_id, :state, 1, :at, :at)
ON CONFLICT (session_id) DO UPDATE SET
  state = excluded.state, version = version + 1, updated_at = excluded.updated_at;

-- name: past_runs
-- Named: SQLite 3.53 would else go through all completed runs of all sessions.
SELECT input, content FROM runs INDEXED BY runs_by_session
WHERE session_id = :session_id AND parent_run_id IS NULL AND status = 'completed'
  AND number < (SELECT number FROM runs WHERE run_id = :run_id)
ORDER BY number DESC LIMIT :limit;

-- name: find_beginning
SELECT min(id) AS id FROM events
WHERE run_id = :run_id AND (
  node_path = :path OR substr(node_path, 1, length(:path) + 1) IN (:path || '/', :path || '[')
);

-- name: find_loading
SELECT max(id) AS id FROM events
WHERE run_id = :run_id AND id < :before AND kind IN ('WorkflowStarted', 'WorkflowResumed')
  AND instr(node_path, '/') = 0;

-- name: list_own_changes
-- With what is no JSON: whoever reads it says so.
SELECT
  run_id, seq, body, (SELECT session_id FROM runs WHERE runs.run_id = :run_id) AS session_id
FROM events
WHERE run_id = :run_id AND id < :before AND body LIKE '%"state":%'
  AND kind IN (SELECT value FROM json_each(:kinds))
  AND CASE WHEN json_valid(body) THEN json_type(body, '$.state') = 'object' ELSE TRUE END
ORDER BY id;

-- name: list_changes_of_others
SELECT events.run_id, events.seq, events.body, runs.session_id
FROM runs JOIN events ON events.run_id = runs.run_id
WHERE runs.session_id = :session_id AND runs.parent_run_id IS NULL AND runs.run_id <> :run_id
  AND events.id < :before AND events.body LIKE '%"state":%'
  AND events.kind IN (SELECT value FROM json_each(:kinds))
  AND CASE
    WHEN json_valid(events.body) THEN json_type(events.body, '$.state') = 'object' ELSE TRUE
  END
ORDER BY events.id;
