-- name: list_roots
SELECT run_id, status FROM runs WHERE parent_run_id IS NULL ORDER BY number;

-- name: list_lost_nested
SELECT run_id, root_run_id FROM runs
WHERE root_run_id IS NOT NULL AND root_run_id NOT IN (SELECT run_id FROM runs) ORDER BY number;

-- name: list_orphan_blobs
SELECT digest, length(raw) AS size FROM blobs
WHERE NOT EXISTS (SELECT 1 FROM blob_uses WHERE blob_uses.digest = blobs.digest) ORDER BY digest;

-- name: list_lost_uses
SELECT DISTINCT run_id FROM blob_uses
WHERE NOT EXISTS (SELECT 1 FROM runs WHERE runs.run_id = blob_uses.run_id) ORDER BY run_id;

-- name: list_blobs_of_run
SELECT blob_uses.digest, blobs.digest IS NULL AS is_missing
FROM blob_uses LEFT JOIN blobs USING (digest) WHERE run_id = :run_id ORDER BY blob_uses.digest;

-- name: quick_check
SELECT quick_check AS problem FROM pragma_quick_check;
