-- name: get_snapshot
-- Believed only where the log reaches as far as it does, and the same code made it.
SELECT seq, state FROM snapshots
WHERE run_id = :run_id AND rules = :rules
  AND EXISTS (SELECT 1 FROM events WHERE events.run_id = :run_id AND events.seq = snapshots.seq);

-- name: save_snapshot
INSERT INTO snapshots (run_id, seq, rules, state)
SELECT :run_id, :seq, :rules, :state
WHERE EXISTS (SELECT 1 FROM runs WHERE run_id = :run_id)
ON CONFLICT (run_id) DO UPDATE
SET seq = excluded.seq, rules = excluded.rules, state = excluded.state
WHERE excluded.seq >= snapshots.seq OR excluded.rules <> snapshots.rules;

-- name: delete_snapshot
DELETE FROM snapshots WHERE run_id = :run_id;

-- name: is_worth_folding
-- Whether so many events move a run's tree that are not in its snapshot.
SELECT 1 FROM events INDEXED BY events_lifecycle
WHERE run_id = :run_id
  AND seq > coalesce((SELECT seq FROM snapshots WHERE run_id = :run_id AND rules = :rules), 0)
  AND kind NOT IN ('StepProgress', 'StepLog', 'StepContent', 'CustomEvent')
LIMIT 1 OFFSET :count;
