-- Times are microseconds since 1970, UTC, given by the program; bodies and values are JSON text.

CREATE TABLE runs (
  number INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  workflow_name TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'pending',
  episode INTEGER NOT NULL DEFAULT 0,
  token TEXT,
  parent_run_id TEXT,
  root_run_id TEXT,
  host_path TEXT,
  session_id TEXT,
  user_id TEXT,
  input TEXT NOT NULL,
  additional_data TEXT,
  revision TEXT,
  file TEXT,
  outline TEXT,
  content TEXT,
  failure TEXT,
  reason TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  cancel_requested_at INTEGER,
  kill_after INTEGER,
  snapshot BLOB
) STRICT;

CREATE INDEX runs_roots ON runs (number) WHERE parent_run_id IS NULL;
CREATE INDEX runs_by_workflow ON runs (workflow_name, number) WHERE parent_run_id IS NULL;
CREATE INDEX runs_by_status ON runs (status) WHERE parent_run_id IS NULL;
CREATE INDEX runs_nested ON runs (root_run_id) WHERE root_run_id IS NOT NULL;

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  episode INTEGER NOT NULL,
  kind TEXT NOT NULL,
  node_path TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX events_by_run ON events (run_id, seq);

-- A tree must open fast in a run of a million log lines: these two leave the chatter out.
CREATE INDEX events_lifecycle ON events (run_id, seq)
  WHERE kind NOT IN ('StepProgress', 'StepLog', 'StepContent', 'CustomEvent');
CREATE INDEX events_progress ON events (run_id, seq, node_path) WHERE kind = 'StepProgress';

-- Failures are what people look for first, over all runs; they cost nothing until they happen.
CREATE INDEX events_failures ON events (id)
  WHERE kind IN ('WorkflowError', 'WorkflowCrashed', 'StepError');

CREATE TABLE workers (
  run_id TEXT PRIMARY KEY,
  mode TEXT NOT NULL,
  pid INTEGER NOT NULL,
  started REAL NOT NULL,
  boot_id TEXT NOT NULL,
  host TEXT NOT NULL,
  python TEXT NOT NULL,
  heartbeat INTEGER NOT NULL
) STRICT;

CREATE TABLE blobs (
  digest TEXT PRIMARY KEY,
  raw BLOB NOT NULL
) STRICT;

-- A blob is kept as long as a root run names it.
CREATE TABLE blob_uses (
  run_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (run_id, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE revisions (
  number INTEGER PRIMARY KEY,
  file TEXT NOT NULL,
  revision TEXT NOT NULL,
  is_good INTEGER NOT NULL,
  report TEXT NOT NULL,
  UNIQUE (revision, is_good)
) STRICT;

CREATE INDEX revisions_by_file ON revisions (file, is_good, number);

CREATE TABLE sessions (
  session_id TEXT PRIMARY KEY,
  state TEXT NOT NULL DEFAULT '{}',
  version INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

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
        'workflow_name', runs.workflow_name,
        'user_id', runs.user_id,
        'status', runs.status,
        'input', json(runs.input),
        'content', json(runs.content),
        'created_at', runs.created_at,
        'ended_at', runs.ended_at
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
