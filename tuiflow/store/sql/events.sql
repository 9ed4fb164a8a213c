-- name: insert_event
INSERT INTO events (run_id, seq, at, episode, kind, node_path, body)
VALUES (:run_id, :seq, :at, :episode, :kind, :node_path, :body);

-- name: insert_events
-- The program repeats the row as often as it has events: one statement lets go of the
-- interpreter's lock once, where one statement for each event would queue for it every time.
INSERT INTO events (run_id, seq, at, episode, kind, node_path, body)
SELECT * FROM (VALUES (?, ?, ?, ?, ?, ?, ?))
WHERE EXISTS (
  SELECT 1 FROM runs WHERE run_id = ? AND token = ? AND episode = ? AND status = 'running'
);

-- name: events_after
SELECT
  id, run_id, seq, at, episode,
  (SELECT session_id FROM runs WHERE runs.run_id = :run_id) AS session_id, kind, node_path, body
FROM events WHERE run_id = :run_id AND seq > :seq
ORDER BY seq LIMIT :limit;

-- name: tree_events_after
SELECT
  id, run_id, seq, at, episode,
  (SELECT session_id FROM runs WHERE runs.run_id = :run_id) AS session_id, kind, node_path, body
FROM (
  SELECT * FROM events INDEXED BY events_lifecycle
  WHERE run_id = :run_id AND seq > :seq
    AND kind NOT IN ('StepProgress', 'StepLog', 'StepContent', 'CustomEvent')
  UNION ALL
  SELECT * FROM events WHERE run_id = :run_id AND seq IN (
    SELECT max(seq) FROM events INDEXED BY events_progress
    WHERE run_id = :run_id AND seq > :seq AND kind = 'StepProgress' GROUP BY node_path
  )
)
ORDER BY seq LIMIT :limit;

-- name: last_event_id
SELECT coalesce(max(id), 0) AS id FROM events;

-- name: event_from
SELECT id, at FROM events WHERE id >= :id ORDER BY id LIMIT 1;

-- name: list_events
SELECT
  id, run_id, seq, at, episode,
  (SELECT session_id FROM runs WHERE runs.run_id = events.run_id) AS session_id, kind, node_path,
  body
FROM events WHERE id > :after_id AND id < :before_id;

-- name: count_events
SELECT count(*) AS count FROM (SELECT 1 FROM events WHERE id > :after_id AND id < :before_id;

-- What may be asked for besides; the program puts these together.
-- name: where_run
-- The bounds are said once more in seq, so that the run's own index finds the page: it takes one
-- bound to each side, and no second one.
  AND run_id = :run_id
  AND seq > max(
    :after_seq, coalesce((SELECT seq FROM events WHERE id = :after_id AND run_id = :run_id), 0)
  )
  AND seq < min(
    :before_seq,
    coalesce((SELECT seq FROM events WHERE id = :before_id AND run_id = :run_id), :before_seq)
  );

-- name: where_node
  AND (
    node_path = :node_path
    OR substr(node_path, 1, length(:node_path) + 1) IN (:node_path || '/', :node_path || '[')
  );

-- name: where_kinds
  AND kind IN (SELECT value FROM json_each(:kinds));

-- name: where_lifecycle
  AND kind NOT IN ('StepProgress', 'StepLog', 'StepContent', 'CustomEvent');

-- name: where_failures
  AND kind IN ('WorkflowError', 'WorkflowCrashed', 'StepError');

-- name: where_levels
-- A body leaves the usual level out; looking for its name is far cheaper than parsing JSON.
  AND kind = 'StepLog'
  AND CASE
    WHEN instr(body, '"level":') = 0 THEN 'info'
    WHEN json_valid(body) THEN json_extract(body, '$.level')
  END
    IN (SELECT value FROM json_each(:levels));

-- name: where_text
  AND body LIKE :text ESCAPE '\';

-- name: where_since
  AND at >= :since;

-- name: where_until
  AND at < :until;

-- name: where_steps
-- A name is a whole segment, with or without the number of an iteration.
  AND EXISTS (
    SELECT 1 FROM json_each(:steps) AS step
    WHERE '/' || node_path || '/' GLOB '*/' || step.value || '/*'
    OR '/' || node_path GLOB '*/' || step.value || '[[]*'
  );

-- name: where_not_steps
  AND NOT EXISTS (
    SELECT 1 FROM json_each(:not_steps) AS step
    WHERE '/' || node_path || '/' GLOB '*/' || step.value || '/*'
    OR '/' || node_path GLOB '*/' || step.value || '[[]*'
  );

-- name: where_not_texts
  AND NOT EXISTS (
    SELECT 1 FROM json_each(:not_texts) AS part WHERE body LIKE part.value ESCAPE '\'
  );

-- name: where_workers
-- By the process, or by the machine, that its run has now or had last.
  AND run_id IN (
    SELECT run_id FROM workers, json_each(:workers) AS one
    WHERE CAST(pid AS TEXT) GLOB one.value OR host GLOB one.value
  );

-- name: where_visible
-- The last of them: it is asked only of rows that everything else has let through.
  AND kind NOT IN (
    SELECT value FROM json_each((
      SELECT CASE WHEN json_valid(hidden_kinds) THEN hidden_kinds END
      FROM runs WHERE runs.run_id = events.run_id
    ))
  );

-- name: oldest_first
ORDER BY id LIMIT :limit;

-- name: newest_first
ORDER BY id DESC LIMIT :limit;

-- name: oldest_first_of_run
ORDER BY seq LIMIT :limit;

-- name: newest_first_of_run
ORDER BY seq DESC LIMIT :limit;

-- name: up_to_limit
LIMIT :limit);
