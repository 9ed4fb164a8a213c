-- name: save_worker
INSERT OR REPLACE INTO workers
  (run_id, mode, pid, started, boot_id, host, python, heartbeat)
VALUES (:run_id, :mode, :pid, :started, :boot_id, :host, :python, :heartbeat);

-- name: list_workers
SELECT
  run_id, workers.mode, workers.pid, workers.started, workers.boot_id, workers.host,
  workers.python, workers.heartbeat
FROM workers JOIN runs USING (run_id)
WHERE runs.status = 'running' AND runs.parent_run_id IS NULL ORDER BY runs.number;

-- name: beat
UPDATE workers SET heartbeat = :at WHERE run_id = :run_id;

-- name: forget_worker
DELETE FROM workers WHERE run_id = :run_id;
