-- name: save_blob
INSERT OR IGNORE INTO blobs (digest, raw) VALUES (:digest, :raw);

-- name: use_blob
INSERT OR IGNORE INTO blob_uses (run_id, digest) VALUES (:run_id, :digest);

-- name: get_blob
SELECT raw FROM blobs WHERE digest = :digest;

-- name: share_blobs
INSERT OR IGNORE INTO blob_uses (run_id, digest)
SELECT :run_id, digest FROM blob_uses WHERE run_id = :source_run_id;
