-- The change feed: one ordered log that workstations follow. Sequence numbers are handed out before commit,
-- so readers go by (transaction, number) and take only transactions below the oldest one still running.
-- Rows are appended by triggers: state and change commit together, whoever writes.

CREATE TABLE feed_state (
    only_row BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (only_row),
    epoch UUID NOT NULL DEFAULT gen_random_uuid(), -- a restore from backup begins a new one
    -- Changes of transactions below this one may have been pruned.
    horizon XID8 NOT NULL DEFAULT '0'
);
INSERT INTO feed_state DEFAULT VALUES;

CREATE TABLE changes (
    transaction XID8 NOT NULL DEFAULT pg_current_xact_id(),
    number BIGINT GENERATED ALWAYS AS IDENTITY,
    entity VARCHAR(30) NOT NULL,
    entity_id UUID NOT NULL,
    version BIGINT NOT NULL,
    -- Who may have seen it before and may see it now; both, so that losing access is seen.
    everyone BOOLEAN NOT NULL DEFAULT FALSE,
    team_before UUID,
    team_after UUID,
    user_before UUID,
    user_after UUID,
    intent_id UUID, -- the workstation's intent that caused it
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    PRIMARY KEY (transaction, number)
);

CREATE FUNCTION current_intent() RETURNS UUID LANGUAGE sql STABLE AS
$$ SELECT NULLIF(current_setting('parley.intent_id', TRUE), '')::uuid $$;

CREATE FUNCTION bump_version() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;

CREATE FUNCTION touch_and_bump_version() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.updated_at := NOW();
    RETURN NEW;
END $$;

CREATE FUNCTION append_conversation_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (entity, entity_id, version, team_before, team_after, user_before, user_after, intent_id)
    VALUES ('conversation', NEW.id, NEW.version,
            CASE WHEN TG_OP = 'UPDATE' THEN OLD.team_id END, NEW.team_id,
            CASE WHEN TG_OP = 'UPDATE' THEN OLD.assigned_to END, NEW.assigned_to,
            current_intent());
    RETURN NULL;
END $$;

-- Messages and events are seen by whoever sees their conversation.
CREATE FUNCTION append_message_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (entity, entity_id, version, team_before, team_after, user_before, user_after, intent_id)
    SELECT 'message', NEW.id, NEW.version, c.team_id, c.team_id, c.assigned_to, c.assigned_to, current_intent()
    FROM conversations c WHERE c.id = NEW.conversation_id;
    RETURN NULL;
END $$;

CREATE FUNCTION append_event_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (entity, entity_id, version, team_before, team_after, user_before, user_after, intent_id)
    SELECT 'event', NEW.id, 1, c.team_id, c.team_id, c.assigned_to, c.assigned_to, current_intent()
    FROM conversations c WHERE c.id = NEW.conversation_id;
    RETURN NULL;
END $$;

-- A customer is seen by whoever sees one of their conversations; readers ask that at delivery.
CREATE FUNCTION append_customer_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (entity, entity_id, version, everyone, intent_id)
    VALUES ('customer', NEW.id, NEW.version, TRUE, current_intent());
    RETURN NULL;
END $$;

CREATE FUNCTION append_person_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (entity, entity_id, version, everyone, intent_id)
    VALUES ('person', NEW.id, NEW.version, TRUE, current_intent());
    RETURN NULL;
END $$;

CREATE FUNCTION append_team_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (entity, entity_id, version, everyone, intent_id)
    VALUES ('team', NEW.id, NEW.version, TRUE, current_intent());
    RETURN NULL;
END $$;

-- Global ones are everybody's, a team's the team's, a personal one its owner's.
CREATE FUNCTION append_canned_response_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO changes (entity, entity_id, version, everyone, team_before, user_before, intent_id)
        VALUES ('canned_response', OLD.id, OLD.version + 1, OLD.team_id IS NULL AND OLD.owner_id IS NULL,
                OLD.team_id, OLD.owner_id, current_intent());
    ELSE
        INSERT INTO changes (entity, entity_id, version, everyone, team_before, team_after, user_before, user_after, intent_id)
        VALUES ('canned_response', NEW.id, NEW.version,
                (NEW.team_id IS NULL AND NEW.owner_id IS NULL)
                    OR (TG_OP = 'UPDATE' AND OLD.team_id IS NULL AND OLD.owner_id IS NULL),
                CASE WHEN TG_OP = 'UPDATE' THEN OLD.team_id END, NEW.team_id,
                CASE WHEN TG_OP = 'UPDATE' THEN OLD.owner_id END, NEW.owner_id, current_intent());
    END IF;
    RETURN NULL;
END $$;

-- A person's row in the feed carries presence and teams, so their changes are the person's.
CREATE FUNCTION touch_person() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE users SET updated_at = NOW()
    WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.user_id ELSE NEW.user_id END;
    RETURN NULL;
END $$;

CREATE FUNCTION touch_customer() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE customers SET updated_at = NOW()
    WHERE id IN (SELECT customer_id FROM changed_identities);
    RETURN NULL;
END $$;

CREATE TRIGGER bump_version BEFORE UPDATE ON conversations FOR EACH ROW EXECUTE FUNCTION touch_and_bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON messages FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION touch_and_bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch_and_bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON teams FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER bump_version BEFORE UPDATE ON canned_responses FOR EACH ROW EXECUTE FUNCTION touch_and_bump_version();

CREATE TRIGGER append_change AFTER INSERT OR UPDATE ON conversations FOR EACH ROW EXECUTE FUNCTION append_conversation_change();
CREATE TRIGGER append_change AFTER INSERT ON messages FOR EACH ROW EXECUTE FUNCTION append_message_change();
-- The attempt's own book-keeping is nobody's news.
CREATE TRIGGER append_update AFTER UPDATE ON messages FOR EACH ROW
    WHEN ((OLD.status, OLD.content_text, OLD.content_metadata, OLD.delivered_at, OLD.read_at, OLD.failed_reason, OLD.ambiguous_at, OLD.sent_at)
          IS DISTINCT FROM
          (NEW.status, NEW.content_text, NEW.content_metadata, NEW.delivered_at, NEW.read_at, NEW.failed_reason, NEW.ambiguous_at, NEW.sent_at))
    EXECUTE FUNCTION append_message_change();
CREATE TRIGGER append_change AFTER INSERT ON conversation_events FOR EACH ROW EXECUTE FUNCTION append_event_change();
CREATE TRIGGER append_change AFTER UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION append_customer_change();
CREATE TRIGGER append_change AFTER INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION append_person_change();
CREATE TRIGGER append_change AFTER INSERT OR UPDATE ON teams FOR EACH ROW EXECUTE FUNCTION append_team_change();
CREATE TRIGGER append_change AFTER INSERT OR UPDATE OR DELETE ON canned_responses FOR EACH ROW EXECUTE FUNCTION append_canned_response_change();

CREATE TRIGGER touch_person AFTER INSERT OR DELETE ON team_memberships FOR EACH ROW EXECUTE FUNCTION touch_person();
CREATE TRIGGER touch_person AFTER INSERT ON agent_presence FOR EACH ROW EXECUTE FUNCTION touch_person();
CREATE TRIGGER touch_person_on_update AFTER UPDATE ON agent_presence FOR EACH ROW
    WHEN ((OLD.status, OLD.reason, OLD.capacity, OLD.since) IS DISTINCT FROM (NEW.status, NEW.reason, NEW.capacity, NEW.since))
    EXECUTE FUNCTION touch_person();
CREATE TRIGGER touch_customer AFTER INSERT ON customer_identities
    REFERENCING NEW TABLE AS changed_identities FOR EACH STATEMENT EXECUTE FUNCTION touch_customer();
