-- What a run was given besides its input, and the kinds of events its author does not want to see.
ALTER TABLE runs ADD COLUMN workflow_id TEXT;
ALTER TABLE runs ADD COLUMN metadata TEXT;
ALTER TABLE runs ADD COLUMN hidden_kinds TEXT;

DROP VIEW workflow_sessions;

CREATE VIEW workflow_sessions AS
SELECT
  known.session_id,
  sessions.state,
  sessions.version,
  (
    SELECT json_group_array(json(ordered.run))
    FROM (
      SELECT json_object(
        'run_id', runs.run_id,
        'workflow_id', runs.workflow_id,
        'workflow_name', runs.workflow_name,
        'user_id', runs.user_id,
        'status', runs.status,
        'input', json(runs.input),
        'content', json(runs.content),
        'failure', json(runs.failure),
        'metadata', json(runs.metadata),
        'created_at', runs.created_at,
        'started_at', runs.started_at,
        'ended_at', runs.ended_at,
        'events', (
          SELECT json_group_array(json(told.event))
          FROM (
            SELECT json_patch(
              events.body,
              json_object(
                'event', events.kind,
                'seq', events.seq,
                'at', events.at,
                'node_path', events.node_path
              )
            ) AS event
            FROM events
            WHERE events.run_id = runs.run_id
              AND events.kind NOT IN (SELECT value FROM json_each(runs.hidden_kinds))
            ORDER BY events.seq
          ) AS told
        )
      ) AS run
      FROM runs
      WHERE runs.session_id = known.session_id AND runs.parent_run_id IS NULL
      ORDER BY runs.number
    ) AS ordered
  ) AS runs
FROM (
  SELECT session_id FROM sessions
  UNION
  SELECT session_id FROM runs WHERE session_id IS NOT NULL AND parent_run_id IS NULL
) AS known
LEFT JOIN sessions ON sessions.session_id = known.session_id;
