-- One value that is no JSON must not keep all of a session from being read.
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
        'input', CASE
          WHEN json_valid(runs.input) THEN json(runs.input)
          ELSE json_object('unreadable', runs.input)
        END,
        'content', CASE
          WHEN json_valid(runs.content) THEN json(runs.content)
          WHEN runs.content IS NOT NULL THEN json_object('unreadable', runs.content)
        END,
        'failure', CASE
          WHEN json_valid(runs.failure) THEN json(runs.failure)
          WHEN runs.failure IS NOT NULL THEN json_object('unreadable', runs.failure)
        END,
        'metadata', CASE
          WHEN json_valid(runs.metadata) THEN json(runs.metadata)
          WHEN runs.metadata IS NOT NULL THEN json_object('unreadable', runs.metadata)
        END,
        'created_at', runs.created_at,
        'started_at', runs.started_at,
        'ended_at', runs.ended_at,
        'events', (
          SELECT json_group_array(json(told.event))
          FROM (
            SELECT json_patch(
              CASE
                WHEN json_valid(events.body) THEN events.body
                ELSE json_object('unreadable', events.body)
              END,
              json_object(
                'event', events.kind,
                'seq', events.seq,
                'at', events.at,
                'node_path', events.node_path
              )
            ) AS event
            FROM events
            WHERE events.run_id = runs.run_id
              AND events.kind NOT IN (
                SELECT value FROM json_each(
                  CASE WHEN json_valid(runs.hidden_kinds) THEN runs.hidden_kinds END
                )
              )
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
