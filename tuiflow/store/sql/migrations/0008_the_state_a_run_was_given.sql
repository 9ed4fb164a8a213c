-- Until its first step completes nothing else knows of it, and the run may have to begin again.
ALTER TABLE runs ADD COLUMN session_state TEXT;
