-- A session may have very many runs, and a step asks for its newest ones.
CREATE INDEX runs_by_session ON runs (session_id, number)
  WHERE session_id IS NOT NULL AND parent_run_id IS NULL;
