-- name: delete_run
DELETE FROM runs WHERE run_id = :run_id OR root_run_id = :run_id;

-- name: delete_worker
DELETE FROM workers WHERE run_id = :run_id;

-- name: delete_blob_uses
DELETE FROM blob_uses WHERE run_id = :run_id;

-- name: delete_some_events
-- Of a run that is gone: its author may have begun another one under its id since.
DELETE FROM events WHERE id IN (SELECT id FROM events WHERE run_id = :run_id LIMIT :limit)
  AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.run_id = :run_id);

-- name: delete_left_events
DELETE FROM events WHERE run_id = :run_id;

-- name: delete_some_unused_blobs
DELETE FROM blobs WHERE digest IN (
  SELECT digest FROM blobs
  WHERE NOT EXISTS (SELECT 1 FROM blob_uses WHERE blob_uses.digest = blobs.digest) LIMIT :limit
);

-- name: delete_old_revisions
-- What a kept run was started from stays, and each file's newest import of either kind.
DELETE FROM revisions
WHERE revision NOT IN (SELECT revision FROM runs WHERE revision IS NOT NULL)
  AND number NOT IN (SELECT max(number) FROM revisions GROUP BY file, is_good);

-- name: list_left_events
-- Runs whose row is gone while some of their events are not: a deletion was interrupted.
WITH RECURSIVE ids (run_id) AS (
  SELECT min(run_id) FROM events
  UNION ALL
  SELECT (SELECT min(events.run_id) FROM events WHERE events.run_id > ids.run_id)
  FROM ids WHERE ids.run_id IS NOT NULL
)
SELECT run_id FROM ids
WHERE run_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.run_id = ids.run_id);

-- name: list_prunable
-- Root runs that are over, the oldest first, without the newest of each workflow.
SELECT run_id, workflow_name, status, coalesce(ended_at, created_at) AS ended_at
FROM (
  SELECT
    *, row_number() OVER (PARTITION BY workflow_name ORDER BY number DESC) AS place
  FROM runs WHERE parent_run_id IS NULL
)
WHERE place > :keep AND status NOT IN ('pending', 'running', 'paused')
ORDER BY number;

-- name: measure_run
-- Bytes, about: what stands beside a body in an event's row and its indexes counts as 200.
SELECT
  (SELECT coalesce(sum(length(CAST(body AS BLOB)) + 200), 0) FROM events WHERE run_id = :run_id)
  + (SELECT coalesce(sum(length(state)), 0) FROM snapshots WHERE run_id = :run_id)
  + (
    SELECT coalesce(sum(length(raw)), 0) FROM blobs WHERE digest IN (
      SELECT digest FROM blob_uses WHERE run_id = :run_id
      EXCEPT
      SELECT digest FROM blob_uses WHERE run_id <> :run_id
    )
  ) AS size;

-- name: used_bytes
SELECT (pages.page_count - free.freelist_count) * sizes.page_size AS size
FROM pragma_page_count AS pages, pragma_freelist_count AS free, pragma_page_size AS sizes;
