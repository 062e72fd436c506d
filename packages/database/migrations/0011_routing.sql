-- Routing as teams set it, presence by device and its history, and offers that a person accepts or refuses.

ALTER TABLE team_settings
    ADD COLUMN version BIGINT NOT NULL DEFAULT 1,
    ADD COLUMN routing_mode VARCHAR(20) NOT NULL DEFAULT 'auto'
        CHECK (routing_mode IN ('auto', 'offer', 'pull')),
    ADD COLUMN routing_strategy VARCHAR(20) NOT NULL DEFAULT 'least_loaded'
        CHECK (routing_strategy IN ('least_loaded', 'round_robin', 'longest_idle', 'best_skilled')),
    ADD COLUMN offer_seconds INT NOT NULL DEFAULT 30 CHECK (offer_seconds BETWEEN 5 AND 600),
    ADD COLUMN sticky_seconds INT NOT NULL DEFAULT 604800 CHECK (sticky_seconds >= 0), -- 0: never the same agent first
    ADD COLUMN relax_skills_after_seconds INT CHECK (relax_skills_after_seconds > 0), -- null: requirements stay
    ADD COLUMN overflow_after_seconds INT CHECK (overflow_after_seconds > 0),
    ADD COLUMN overflow_team_id UUID REFERENCES teams(id) ON DELETE SET NULL,
    ADD COLUMN out_of_hours VARCHAR(20) NOT NULL DEFAULT 'queue'
        CHECK (out_of_hours IN ('queue', 'auto_reply', 'team')),
    ADD COLUMN out_of_hours_team_id UUID REFERENCES teams(id) ON DELETE SET NULL,
    ADD COLUMN out_of_hours_text JSONB NOT NULL DEFAULT '{}', -- by language: {"es": "…", "en": "…"}
    ADD COLUMN channel_weights JSONB NOT NULL DEFAULT '{}',   -- what a conversation of a channel counts; absent: 1
    ADD COLUMN round_robin_after UUID REFERENCES users(id) ON DELETE SET NULL, -- whose turn was last
    ADD CONSTRAINT team_settings_overflow_elsewhere CHECK (overflow_team_id <> team_id),
    ADD CONSTRAINT team_settings_out_of_hours_elsewhere CHECK (out_of_hours_team_id <> team_id);

-- Every team has its row, so nobody needs to know the defaults twice.
CREATE FUNCTION give_team_its_settings() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO team_settings (team_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER give_team_its_settings AFTER INSERT ON teams FOR EACH ROW EXECUTE FUNCTION give_team_its_settings();
INSERT INTO team_settings (team_id) SELECT id FROM teams ON CONFLICT DO NOTHING;

ALTER TABLE agent_presence
    ADD COLUMN is_finishing BOOLEAN NOT NULL DEFAULT FALSE, -- end of shift: keeps what they have, gets nothing new
    ADD COLUMN set_by UUID REFERENCES users(id) ON DELETE SET NULL, -- the lead who set it; null: the person, or time
    -- A lost connection gets nothing new at once, though it counts as offline only after a grace.
    ADD COLUMN is_connected BOOLEAN NOT NULL DEFAULT TRUE,
    ADD COLUMN missed_offers INT NOT NULL DEFAULT 0; -- one after the other; too many and they are not there

-- device_presence: What each connected workstation says of the person before it; the most present one counts.
CREATE TABLE device_presence (
    session_id UUID PRIMARY KEY REFERENCES sessions(id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    state VARCHAR(20) NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'idle', 'asleep')),
    connection_id UUID, -- the connection it follows the feed by; null: lost
    last_seen_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
CREATE INDEX device_presence_of_user ON device_presence(user_id);

-- presence_history: Who was there when, for reports and for replaying a past day.
CREATE TABLE presence_history (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    status VARCHAR(20) NOT NULL,
    reason VARCHAR(100),
    is_finishing BOOLEAN NOT NULL,
    capacity INT NOT NULL,
    set_by UUID REFERENCES users(id) ON DELETE SET NULL,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    transaction XID8 NOT NULL DEFAULT pg_current_xact_id() -- what one transaction changes is one part
);
CREATE UNIQUE INDEX presence_history_current ON presence_history(user_id) WHERE ended_at IS NULL;
CREATE INDEX presence_history_of_user ON presence_history(user_id, started_at);
CREATE INDEX presence_history_ended ON presence_history(ended_at) WHERE ended_at IS NOT NULL;

CREATE FUNCTION record_presence() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE presence_history
    SET status = NEW.status, reason = NEW.reason, is_finishing = NEW.is_finishing, capacity = NEW.capacity,
        set_by = NEW.set_by
    WHERE user_id = NEW.user_id AND ended_at IS NULL AND transaction = pg_current_xact_id();
    IF FOUND THEN RETURN NULL; END IF;
    UPDATE presence_history SET ended_at = GREATEST(started_at, clock_timestamp())
    WHERE user_id = NEW.user_id AND ended_at IS NULL;
    INSERT INTO presence_history (user_id, status, reason, is_finishing, capacity, set_by, started_at)
    VALUES (NEW.user_id, NEW.status, NEW.reason, NEW.is_finishing, NEW.capacity, NEW.set_by, clock_timestamp());
    RETURN NULL;
END $$;
CREATE TRIGGER record_presence AFTER INSERT ON agent_presence FOR EACH ROW EXECUTE FUNCTION record_presence();
CREATE TRIGGER record_presence_on_update AFTER UPDATE ON agent_presence FOR EACH ROW
    WHEN ((OLD.status, OLD.reason, OLD.is_finishing, OLD.capacity)
          IS DISTINCT FROM (NEW.status, NEW.reason, NEW.is_finishing, NEW.capacity))
    EXECUTE FUNCTION record_presence();
INSERT INTO presence_history (user_id, status, reason, is_finishing, capacity, started_at)
SELECT user_id, status, reason, is_finishing, capacity, since FROM agent_presence;

DROP TRIGGER touch_person_on_update ON agent_presence;
CREATE TRIGGER touch_person_on_update AFTER UPDATE ON agent_presence FOR EACH ROW
    WHEN ((OLD.status, OLD.reason, OLD.capacity, OLD.since, OLD.is_finishing, OLD.wrap_up_until)
          IS DISTINCT FROM (NEW.status, NEW.reason, NEW.capacity, NEW.since, NEW.is_finishing, NEW.wrap_up_until))
    EXECUTE FUNCTION touch_person();

CREATE OR REPLACE VIEW person_rows AS
SELECT u.id, u.version, u.full_name, u.role, u.is_active, u.email,
       ARRAY(SELECT m.team_id::text FROM team_memberships m WHERE m.user_id = u.id ORDER BY 1) AS team_ids,
       COALESCE(p.status, 'offline') AS presence_status,
       p.reason AS presence_reason,
       COALESCE(p.since, u.created_at) AS presence_since,
       COALESCE(p.capacity, 0) AS capacity,
       COALESCE(p.is_finishing, FALSE) AS is_finishing,
       p.wrap_up_until
FROM users u
LEFT JOIN agent_presence p ON p.user_id = u.id;

-- offers: A queued conversation that one person is asked to take. An open one holds a slot of theirs.
CREATE TABLE offers (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    version BIGINT NOT NULL DEFAULT 1,
    conversation_id UUID NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    team_id UUID NOT NULL REFERENCES teams(id) ON DELETE CASCADE,
    explanation JSONB NOT NULL,
    offered_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    expires_at TIMESTAMPTZ NOT NULL,
    -- withdrawn: somebody took it by hand, it was closed or moved, or the person left.
    outcome VARCHAR(20) NOT NULL DEFAULT 'open'
        CHECK (outcome IN ('open', 'accepted', 'refused', 'expired', 'withdrawn')),
    decided_at TIMESTAMPTZ,
    CONSTRAINT offers_decided_when_not_open CHECK ((outcome = 'open') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX offers_one_open ON offers(conversation_id) WHERE outcome = 'open';
CREATE INDEX offers_open_of_user ON offers(user_id) WHERE outcome = 'open';
CREATE INDEX offers_open_expiring ON offers(expires_at) WHERE outcome = 'open';
CREATE INDEX offers_of_conversation ON offers(conversation_id, offered_at);
CREATE INDEX offers_decided ON offers(decided_at) WHERE decided_at IS NOT NULL;

CREATE FUNCTION append_offer_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (entity, entity_id, version, user_before, user_after, intent_id)
    VALUES ('offer', NEW.id, NEW.version, NEW.user_id, NEW.user_id, current_intent());
    RETURN NULL;
END $$;
CREATE TRIGGER bump_version BEFORE UPDATE ON offers FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER append_change AFTER INSERT OR UPDATE ON offers FOR EACH ROW EXECUTE FUNCTION append_offer_change();

-- What people have to do now: their open conversations by weight, and what they are asked to take.
CREATE FUNCTION loads_of(people UUID[]) RETURNS TABLE (user_id UUID, load FLOAT8) LANGUAGE sql STABLE AS $$
    SELECT held.user_id, SUM(held.weight)
    FROM (
        SELECT c.assigned_to AS user_id,
               COALESCE((s.channel_weights->>c.channel)::float8, 1)
                   * CASE WHEN c.status = 'pending_customer'
                          THEN COALESCE(s.pending_customer_fraction, 0.25)::float8 ELSE 1 END AS weight
        FROM conversations c LEFT JOIN team_settings s ON s.team_id = c.team_id
        WHERE c.assigned_to = ANY (people) AND c.status IN ('assigned', 'pending_customer', 'pending_agent')
        UNION ALL
        SELECT o.user_id, COALESCE((s.channel_weights->>c.channel)::float8, 1)
        FROM offers o
        JOIN conversations c ON c.id = o.conversation_id
        JOIN team_settings s ON s.team_id = o.team_id
        WHERE o.user_id = ANY (people) AND o.outcome = 'open'
    ) held
    GROUP BY held.user_id
$$;

-- An offer lives only while its conversation waits in the queue of its team, whoever moves it.
CREATE FUNCTION withdraw_offers() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE offers SET outcome = 'withdrawn', decided_at = NOW()
    WHERE conversation_id = NEW.id AND outcome = 'open';
    RETURN NULL;
END $$;
CREATE TRIGGER withdraw_offers AFTER UPDATE ON conversations FOR EACH ROW
    WHEN (OLD.status = 'queued' AND (NEW.status <> 'queued' OR NEW.team_id IS DISTINCT FROM OLD.team_id))
    EXECUTE FUNCTION withdraw_offers();

ALTER TABLE conversations
    -- Overflowed, or moved because its team was closed, since it was queued: it is not moved on again by time.
    ADD COLUMN moved_by_time_at TIMESTAMPTZ,
    -- The customer was told once that the team is closed.
    ADD COLUMN told_closed_at TIMESTAMPTZ;

-- What became of past conversations, in the order in which they came: for replaying.
CREATE INDEX assignments_by_time ON conversation_assignments(assigned_at);
