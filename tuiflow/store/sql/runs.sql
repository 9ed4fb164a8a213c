-- name: create_run
INSERT INTO runs (
  run_id, workflow_name, parent_run_id, root_run_id, host_path, session_id, user_id, input,
  additional_data, revision, file, outline, cancel_grace, created_at, workflow_id, metadata,
  hidden_kinds, media, source_run_id, from_path, session_state
) VALUES (
  :run_id, :workflow_name, :parent_run_id, :root_run_id, :host_path, :session_id, :user_id, :input,
  :additional_data, :revision, :file, :outline, :cancel_grace, :created_at, :workflow_id,
  :metadata, :hidden_kinds, :media, :source_run_id, :from_path, :session_state
) ON CONFLICT (run_id) DO NOTHING;

-- name: read_runs
-- Without its outline, which may be large: a run is looked at again and again. The program says
-- which runs with one of the next three.
SELECT
  runs.run_id, workflow_name, status, episode, parent_run_id, root_run_id, host_path, session_id,
  user_id, input, additional_data, revision, file, cancel_grace, workflow_id, metadata, session_state,
  hidden_kinds, media, content, failure, reason,
  created_at, started_at, ended_at, cancel_requested_at, kill_after, source_run_id, from_path,
  (SELECT max(seq) FROM events WHERE events.run_id = runs.run_id) AS last_seq,
  workers.mode, workers.pid, workers.started, workers.boot_id, workers.host, workers.python,
  workers.heartbeat
FROM runs LEFT JOIN workers ON workers.run_id = runs.run_id AND workers.mode <> 'starter';

-- name: with_id
WHERE runs.run_id = :run_id;

-- name: of_all_workflows
WHERE runs.parent_run_id IS NULL AND runs.number < :before
ORDER BY runs.number DESC LIMIT :limit;

-- name: of_one_workflow
WHERE runs.parent_run_id IS NULL AND runs.workflow_name = :workflow_name AND runs.number < :before
ORDER BY runs.number DESC LIMIT :limit;

-- name: get_outline
SELECT outline FROM runs WHERE run_id = :run_id;

-- name: runs_there
SELECT run_id FROM runs
WHERE run_id IN (SELECT value FROM json_each(:run_ids))
OR (parent_run_id IS NULL AND status IN ('pending', 'running', 'paused'));

-- name: find_run_number
SELECT number FROM runs WHERE run_id = :run_id;

-- name: find_last_run
SELECT run_id FROM runs WHERE parent_run_id IS NULL ORDER BY number DESC LIMIT 1;

-- name: find_runs_by_tail
SELECT run_id FROM runs WHERE lower(substr(run_id, -length(:tail))) = lower(:tail) ORDER BY run_id;

-- name: count_runs
-- The plus has it look through the runs since then, and not through all of each status.
SELECT status, count(*) FROM runs WHERE parent_run_id IS NULL AND created_at >= :since
GROUP BY +status;

-- name: read_run_head
SELECT
  status, episode, workflow_name, root_run_id, session_id,
  cancel_grace,
  (SELECT max(seq) FROM events WHERE events.run_id = runs.run_id) AS last_seq
FROM runs WHERE run_id = :run_id;

-- name: claim_run
UPDATE runs SET status = 'running', token = :token, episode = episode + 1
WHERE run_id = :run_id AND status = 'pending' AND parent_run_id IS NULL;

-- name: list_unclaimed
-- With the process that has claimed it or was to have it claimed, where that is known.
SELECT
  runs.run_id, coalesce(runs.reopened_at, runs.created_at) AS waits_since, workers.mode,
  workers.pid, workers.started, workers.boot_id, workers.host, workers.python, workers.heartbeat
FROM runs LEFT JOIN workers ON workers.run_id = runs.run_id
WHERE status = 'pending' AND parent_run_id IS NULL;

-- name: request_cancel
UPDATE runs SET
  cancel_requested_at = coalesce(cancel_requested_at, :at),
  kill_after = min(coalesce(kill_after, :kill_after), :kill_after),
  reason = CASE WHEN cancel_requested_at IS NULL THEN :reason ELSE reason END
WHERE run_id = :run_id;

-- name: reopen_run
UPDATE runs SET
  status = 'pending', reopened_at = :at, ended_at = NULL, content = NULL, failure = NULL,
  reason = '', cancel_requested_at = NULL, kill_after = NULL,
  revision = coalesce(:revision, revision)
WHERE run_id = :run_id AND status NOT IN ('pending', 'running', 'paused', 'completed')
  AND parent_run_id IS NULL;

-- name: fence_run
UPDATE runs SET token = :token, episode = :episode WHERE run_id = :run_id;

-- name: start_run
UPDATE runs SET
  status = 'running', started_at = coalesce(started_at, :at), ended_at = NULL, content = NULL,
  failure = NULL
WHERE run_id = :run_id;

-- name: end_run
UPDATE runs SET
  status = :status, ended_at = :at, content = :content, failure = :failure,
  reason = CASE WHEN :status = 'cancelled' AND :reason = '' THEN reason ELSE :reason END
WHERE run_id = :run_id;

-- name: end_open_nested_runs
UPDATE runs SET status = :status, ended_at = :at, reason = :reason
WHERE root_run_id = :run_id AND status IN ('pending', 'running');

-- name: read_lease
SELECT cancel_requested_at, reason FROM runs
WHERE run_id = :run_id AND token = :token AND episode = :episode AND status = 'running';
