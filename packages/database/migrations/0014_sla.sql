-- Service levels: clocks with stored instants, breaches recorded once, escalations, alerts and what people want
-- to be told of them.

ALTER TABLE team_settings
    ADD COLUMN sla_version BIGINT NOT NULL DEFAULT 1,
    ADD COLUMN sla_warning_percent INT NOT NULL DEFAULT 80 CHECK (sla_warning_percent BETWEEN 1 AND 99),
    -- Whether the resolution stands still while the customer has to answer.
    ADD COLUMN sla_pauses_on_customer BOOLEAN NOT NULL DEFAULT TRUE,
    -- unattended: leads are warned of what nobody has, or whose agent is not there; always: of everything.
    ADD COLUMN sla_warns_leads VARCHAR(20) NOT NULL DEFAULT 'unattended' CHECK (sla_warns_leads IN ('unattended', 'always')),
    ADD COLUMN sla_updated_by UUID REFERENCES users(id) ON DELETE SET NULL,
    ADD COLUMN sla_updated_at TIMESTAMPTZ,
    ADD COLUMN calendar_version BIGINT NOT NULL DEFAULT 1,
    ADD COLUMN calendar_updated_by UUID REFERENCES users(id) ON DELETE SET NULL,
    ADD COLUMN calendar_updated_at TIMESTAMPTZ;

-- Each team's working time as `BusinessCalendar` in the domain has it; a team without windows is not among them.
CREATE VIEW team_calendars AS
SELECT h.team_id, jsonb_build_object(
         'timeZone', MIN(h.timezone),
         'windows', jsonb_agg(jsonb_build_object(
           'dayOfWeek', h.day_of_week,
           'opensAt', left(h.open_time::text, 5),
           'closesAt', left(h.close_time::text, 5)) ORDER BY h.day_of_week, h.open_time),
         'holidays', (SELECT COALESCE(jsonb_agg(d.date::text ORDER BY d.date), '[]'::jsonb)
                      FROM team_holidays d WHERE d.team_id = h.team_id))::text AS calendar
FROM business_hours h
WHERE h.is_active IS NOT FALSE
GROUP BY h.team_id;

-- conversation_pauses: When a conversation waited for its customer, and when it was closed. Written by a
-- trigger, so that whoever changes the state cannot forget it.
CREATE TABLE conversation_pauses (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id UUID NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    kind VARCHAR(20) NOT NULL CHECK (kind IN ('pending_customer', 'closed')),
    started_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX conversation_pauses_current ON conversation_pauses(conversation_id) WHERE ended_at IS NULL;
CREATE INDEX conversation_pauses_of ON conversation_pauses(conversation_id, started_at);

CREATE FUNCTION record_pause() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status IN ('pending_customer', 'closed') THEN
        UPDATE conversation_pauses SET ended_at = GREATEST(started_at, NOW())
        WHERE conversation_id = NEW.id AND ended_at IS NULL;
    END IF;
    IF NEW.status IN ('pending_customer', 'closed') THEN
        INSERT INTO conversation_pauses (conversation_id, kind, started_at)
        VALUES (NEW.id, NEW.status, CASE WHEN NEW.status = 'closed' THEN NEW.closed_at ELSE NOW() END);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER record_pause AFTER UPDATE OF status ON conversations FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status
          AND (OLD.status IN ('pending_customer', 'closed') OR NEW.status IN ('pending_customer', 'closed')))
    EXECUTE FUNCTION record_pause();
CREATE TRIGGER record_pause_on_insert AFTER INSERT ON conversations FOR EACH ROW
    WHEN (NEW.status IN ('pending_customer', 'closed')) EXECUTE FUNCTION record_pause();
INSERT INTO conversation_pauses (conversation_id, kind, started_at)
SELECT id, status, COALESCE(closed_at, updated_at, created_at) FROM conversations
WHERE status IN ('pending_customer', 'closed');

-- One instant ends a part of somebody's presence and begins the next: read twice, the clock left a gap.
CREATE OR REPLACE FUNCTION record_presence() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    changed_at TIMESTAMPTZ := clock_timestamp();
BEGIN
    UPDATE presence_history
    SET status = NEW.status, reason = NEW.reason, is_finishing = NEW.is_finishing, capacity = NEW.capacity,
        set_by = NEW.set_by
    WHERE user_id = NEW.user_id AND ended_at IS NULL AND transaction = pg_current_xact_id();
    IF FOUND THEN RETURN NULL; END IF;
    UPDATE presence_history SET ended_at = GREATEST(started_at, changed_at)
    WHERE user_id = NEW.user_id AND ended_at IS NULL;
    INSERT INTO presence_history (user_id, status, reason, is_finishing, capacity, set_by, started_at)
    VALUES (NEW.user_id, NEW.status, NEW.reason, NEW.is_finishing, NEW.capacity, NEW.set_by, changed_at);
    RETURN NULL;
END $$;

-- sla_timers: A conversation's clocks, computed whenever a fact of theirs changes. Servers only compare
-- `next_at` with the time; workstations count down to the instants.
CREATE TABLE sla_timers (
    conversation_id UUID NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    clock VARCHAR(20) NOT NULL CHECK (clock IN ('first_response', 'resolution', 'escalation', 'next_response')),
    sla_policy_id UUID NOT NULL REFERENCES sla_policies(id) ON DELETE CASCADE,
    state VARCHAR(20) NOT NULL CHECK (state IN ('running', 'paused', 'stopped')),
    started_at TIMESTAMPTZ NOT NULL,
    target_seconds INT NOT NULL,       -- business time
    warns_at TIMESTAMPTZ,
    due_at TIMESTAMPTZ,                -- null: stands still, has stopped, or its calendar never opens again
    warned_at TIMESTAMPTZ,             -- for this start and this target the warning was given
    fired_at TIMESTAMPTZ,              -- likewise: the due instant was acted upon
    took_seconds INT,                  -- business time of a stopped clock
    is_missed BOOLEAN NOT NULL DEFAULT FALSE, -- a stopped clock that took longer than its target
    stopped_at TIMESTAMPTZ,
    next_at TIMESTAMPTZ,               -- when something has to be done next; null: nothing
    PRIMARY KEY (conversation_id, clock)
);
CREATE INDEX sla_timers_next ON sla_timers(next_at) WHERE next_at IS NOT NULL;
CREATE INDEX sla_timers_stopped ON sla_timers(stopped_at) WHERE stopped_at IS NOT NULL;

ALTER TABLE sla_violations
    ADD COLUMN breached_at TIMESTAMPTZ,        -- the due instant; created_at is when it was recorded
    ADD COLUMN is_final BOOLEAN NOT NULL DEFAULT FALSE, -- the clock has stopped: actual_seconds stays
    -- Whose it was then, for reports by team and person.
    ADD COLUMN team_id UUID REFERENCES teams(id) ON DELETE SET NULL,
    ADD COLUMN assigned_to UUID REFERENCES users(id) ON DELETE SET NULL,
    ADD COLUMN priority VARCHAR(20);
CREATE UNIQUE INDEX sla_violations_once ON sla_violations(conversation_id, violation_type);
CREATE INDEX sla_violations_of_team ON sla_violations(team_id, breached_at DESC);

-- sla_recomputes: Teams whose open conversations are computed anew, because their policies or hours changed,
-- and how far that has come.
CREATE TABLE sla_recomputes (
    team_id UUID PRIMARY KEY REFERENCES teams(id) ON DELETE CASCADE,
    requested_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    after_id UUID -- done up to here, by id; null: from the beginning
);

-- escalations: A customer whom nobody has answered for too long, from the moment a lead was called until
-- somebody answers. One at a time for each conversation.
CREATE TABLE escalations (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    conversation_id UUID NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    team_id UUID REFERENCES teams(id) ON DELETE SET NULL,
    waiting_since TIMESTAMPTZ NOT NULL,
    level INT NOT NULL DEFAULT 1 CHECK (level BETWEEN 1 AND 3), -- 1 lead on duty, 2 supervisors, 3 admins
    escalated_to UUID REFERENCES users(id) ON DELETE SET NULL,  -- who answers for it now
    escalated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    next_step_at TIMESTAMPTZ, -- null: acknowledged, over, or at the top
    acknowledged_by UUID REFERENCES users(id) ON DELETE SET NULL,
    acknowledged_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    end_reason VARCHAR(20) CHECK (end_reason IN ('answered', 'closed', 'withdrawn')),
    CONSTRAINT escalations_reason_when_ended CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE UNIQUE INDEX escalations_open ON escalations(conversation_id) WHERE ended_at IS NULL;
CREATE INDEX escalations_of_conversation ON escalations(conversation_id, escalated_at);
CREATE INDEX escalations_next_step ON escalations(next_step_at) WHERE next_step_at IS NOT NULL;

-- alerts: What one person is to be told. Rows of the same subject are the same news for several people;
-- whoever acknowledges it closes it for all of them.
CREATE TABLE alerts (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    version BIGINT NOT NULL DEFAULT 1,
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    subject_id UUID NOT NULL,
    kind VARCHAR(20) NOT NULL CHECK (kind IN ('warning', 'breach', 'escalation')),
    clock VARCHAR(20) NOT NULL CHECK (clock IN ('first_response', 'resolution', 'escalation', 'next_response')),
    conversation_id UUID NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    team_id UUID REFERENCES teams(id) ON DELETE SET NULL,
    escalation_id UUID REFERENCES escalations(id) ON DELETE CASCADE,
    level INT,
    due_at TIMESTAMPTZ NOT NULL,
    rises_at TIMESTAMPTZ, -- when an escalation goes one level up unless somebody acknowledges it
    raised_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    ended_at TIMESTAMPTZ,
    -- resolved: what it told of is over; superseded: something graver was told; moved: it is somebody else's.
    end_reason VARCHAR(20) CHECK (end_reason IN ('acknowledged', 'resolved', 'superseded', 'moved')),
    acknowledged_by UUID REFERENCES users(id) ON DELETE SET NULL,
    CONSTRAINT alerts_reason_when_ended CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
    UNIQUE (subject_id, user_id)
);
CREATE INDEX alerts_open_of_user ON alerts(user_id, raised_at) WHERE ended_at IS NULL;
CREATE INDEX alerts_of_user ON alerts(user_id, raised_at DESC);
CREATE INDEX alerts_open_of_conversation ON alerts(conversation_id) WHERE ended_at IS NULL;
CREATE INDEX alerts_raised ON alerts(raised_at);

CREATE FUNCTION append_alert_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (entity, entity_id, version, user_before, user_after, intent_id)
    VALUES ('alert', NEW.id, NEW.version, NEW.user_id, NEW.user_id, current_intent());
    RETURN NULL;
END $$;
CREATE TRIGGER bump_version BEFORE UPDATE ON alerts FOR EACH ROW EXECUTE FUNCTION bump_version();
CREATE TRIGGER append_change AFTER INSERT OR UPDATE ON alerts FOR EACH ROW EXECUTE FUNCTION append_alert_change();

-- alert_preferences: How a person wants to be told; who has no row, by the defaults. Escalations ignore it.
CREATE TABLE alert_preferences (
    user_id UUID PRIMARY KEY REFERENCES users(id) ON DELETE CASCADE,
    version BIGINT NOT NULL DEFAULT 1,
    preferences JSONB NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
CREATE FUNCTION append_alert_preferences_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (entity, entity_id, version, user_before, user_after, intent_id)
    VALUES ('alert_preferences', NEW.user_id, NEW.version, NEW.user_id, NEW.user_id, current_intent());
    RETURN NULL;
END $$;
CREATE TRIGGER bump_version BEFORE UPDATE ON alert_preferences FOR EACH ROW EXECUTE FUNCTION touch_and_bump_version();
CREATE TRIGGER append_change AFTER INSERT OR UPDATE ON alert_preferences FOR EACH ROW EXECUTE FUNCTION append_alert_preferences_change();

-- queue_samples: How many waited in each team's queue, minute by minute, for the wallboard. Kept a week.
CREATE TABLE queue_samples (
    team_id UUID NOT NULL REFERENCES teams(id) ON DELETE CASCADE,
    sampled_at TIMESTAMPTZ NOT NULL,
    queued INT NOT NULL,
    PRIMARY KEY (team_id, sampled_at)
);

-- What statistics of a day, and the last hour's figures, are read by.
CREATE INDEX conversations_first_response ON conversations(first_response_at) WHERE first_response_at IS NOT NULL;
CREATE INDEX messages_by_agent ON messages(sender_id, sent_at) WHERE sender_type = 'agent';

-- What is open already gets its clocks from the first server that starts.
INSERT INTO sla_recomputes (team_id) SELECT DISTINCT team_id FROM sla_policies;
