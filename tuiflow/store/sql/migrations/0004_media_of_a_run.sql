-- The media a run was given: their facts as JSON, their bytes in blobs.
ALTER TABLE runs ADD COLUMN media TEXT;
