-- A person's presence travels by itself: it changes a hundred times as often as the person, and is sent to fewer people.

ALTER TABLE agent_presence ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

DROP TRIGGER touch_person ON agent_presence;
DROP TRIGGER touch_person_on_update ON agent_presence;
SELECT feed_table('agent_presence', 'presence', identity => 'user_id', owner => 'user_id',
    operations => 'INSERT OR UPDATE',
    news => ARRAY['status', 'reason', 'capacity', 'since', 'is_finishing', 'wrap_up_until']);

-- Who comes into a team is seen by it from then on, and who leaves it no longer.
CREATE FUNCTION append_presence_of_member() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (entity, entity_id, version, team_before, team_after, intent_id)
    SELECT 'presence', p.user_id, p.version, OLD.team_id, NEW.team_id, current_intent()
    FROM agent_presence p WHERE p.user_id = COALESCE(NEW.user_id, OLD.user_id);
    RETURN NULL;
END $$;
CREATE TRIGGER append_presence AFTER INSERT OR DELETE ON team_memberships
    FOR EACH ROW EXECUTE FUNCTION append_presence_of_member();

DROP VIEW person_rows;
CREATE VIEW person_rows AS
SELECT u.id, u.version, u.full_name, u.role, u.is_active, u.email,
       ARRAY(SELECT m.team_id::text FROM team_memberships m WHERE m.user_id = u.id ORDER BY 1) AS team_ids
FROM users u;
