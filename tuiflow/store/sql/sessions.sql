-- name: read_session
SELECT state FROM sessions WHERE session_id = :session_id;

-- name: save_session
INSERT INTO sessions (session_id, state, version, created_at, updated_at)
VALUES (:session_id, :state, 1, :at, :at)
ON CONFLICT (session_id) DO UPDATE SET
  state = excluded.state, version = version + 1, updated_at = excluded.updated_at;

-- name: past_runs
SELECT input, content FROM runs
WHERE session_id = :session_id AND parent_run_id IS NULL AND status = 'completed'
  AND number < (SELECT number FROM runs WHERE run_id = :run_id)
ORDER BY number DESC LIMIT :limit;
