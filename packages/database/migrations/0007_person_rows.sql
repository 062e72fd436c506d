-- people as workstations see them: the account, the teams and the presence in one row.
CREATE VIEW person_rows AS
SELECT u.id, u.version, u.full_name, u.role, u.is_active, u.email,
       ARRAY(SELECT m.team_id::text FROM team_memberships m WHERE m.user_id = u.id ORDER BY 1) AS team_ids,
       COALESCE(p.status, 'offline') AS presence_status,
       p.reason AS presence_reason,
       COALESCE(p.since, u.created_at) AS presence_since,
       COALESCE(p.capacity, 0) AS capacity
FROM users u
LEFT JOIN agent_presence p ON p.user_id = u.id;

CREATE UNIQUE INDEX users_email_case_insensitive ON users(LOWER(email));
