-- Whether anybody still names a blob is asked for each of them when runs are deleted.
CREATE INDEX blob_uses_by_digest ON blob_uses (digest);
