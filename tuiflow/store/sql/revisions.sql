-- name: save_report
INSERT OR REPLACE INTO revisions (file, revision, is_good, report)
VALUES (:file, :revision, :is_good, :report);

-- name: latest_reports
SELECT report FROM revisions WHERE number IN (
  SELECT max(number) FROM revisions WHERE is_good = 1 GROUP BY file
) ORDER BY file;

-- name: get_report
SELECT report FROM revisions WHERE revision = :revision ORDER BY is_good DESC LIMIT 1;
