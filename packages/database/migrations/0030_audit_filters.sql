-- The audit log is read from the newest on, by when, who, about whom and what: each in the order in which it is shown.
-- The time of all but the first is another expression of it. What is asked by one of those is never read through by the
-- first, which PostgreSQL would prefer where it takes a value for frequent that is nowhere.
DROP INDEX audit_log_at, audit_log_by, audit_log_about, audit_log_action;
CREATE INDEX audit_log_at ON audit_log(at, seq);
CREATE INDEX audit_log_by ON audit_log(actor_id, (at AT TIME ZONE 'UTC'), seq) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_log_by_kind ON audit_log(actor_kind, (at AT TIME ZONE 'UTC'), seq);
CREATE INDEX audit_log_about ON audit_log(target_id, (at AT TIME ZONE 'UTC'), seq) WHERE target_id IS NOT NULL;
CREATE INDEX audit_log_action ON audit_log(action, (at AT TIME ZONE 'UTC'), seq);
