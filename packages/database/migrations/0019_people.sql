-- What holds of people: wrap-up by the slot, what was held back while a customer flooded us, who was told that a
-- team is closed, and whom an alert concerns.

-- wrap_ups: A conversation just closed holds its slot for whoever handled it, and nothing else of theirs.
-- `agent_presence.wrap_up_until` is the end of a person's last one, for screens.
CREATE TABLE wrap_ups (
    conversation_id UUID PRIMARY KEY REFERENCES conversations(id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    until TIMESTAMPTZ NOT NULL
);
CREATE INDEX wrap_ups_of_user ON wrap_ups(user_id, until);
CREATE INDEX wrap_ups_ending ON wrap_ups(until);

-- What people have to do now: their open conversations by weight, what they are asked to take, and the slots that
-- wrap-ups hold, which are counted once more by themselves.
DROP FUNCTION loads_of(UUID[]);
CREATE FUNCTION loads_of(people UUID[]) RETURNS TABLE (user_id UUID, load FLOAT8, wrap_up FLOAT8)
LANGUAGE sql STABLE AS $$
    SELECT held.user_id, SUM(held.weight), COALESCE(SUM(held.weight) FILTER (WHERE held.is_wrap_up), 0)
    FROM (
        SELECT c.assigned_to AS user_id, FALSE AS is_wrap_up,
               COALESCE((s.channel_weights->>c.channel)::float8, 1)
                   * CASE WHEN c.status = 'pending_customer'
                          THEN COALESCE(s.pending_customer_fraction, 0.25)::float8 ELSE 1 END AS weight
        FROM conversations c LEFT JOIN team_settings s ON s.team_id = c.team_id
        WHERE c.assigned_to = ANY (people) AND c.status IN ('assigned', 'pending_customer', 'pending_agent')
        UNION ALL
        SELECT o.user_id, FALSE, COALESCE((s.channel_weights->>c.channel)::float8, 1)
        FROM offers o
        JOIN conversations c ON c.id = o.conversation_id
        JOIN team_settings s ON s.team_id = o.team_id
        WHERE o.user_id = ANY (people) AND o.outcome = 'open'
        UNION ALL
        SELECT w.user_id, TRUE, COALESCE((s.channel_weights->>c.channel)::float8, 1)
        FROM wrap_ups w
        JOIN conversations c ON c.id = w.conversation_id AND c.status = 'closed'
        LEFT JOIN team_settings s ON s.team_id = c.team_id
        WHERE w.user_id = ANY (people) AND w.until > NOW()
    ) held
    GROUP BY held.user_id
$$;

-- closed_notices: Which team last told a customer that it is closed, and when: not again before it has opened.
CREATE TABLE closed_notices (
    customer_id UUID PRIMARY KEY REFERENCES customers(id) ON DELETE CASCADE,
    team_id UUID NOT NULL REFERENCES teams(id) ON DELETE CASCADE,
    told_at TIMESTAMPTZ NOT NULL
);

-- held_news: Warnings and breaches of a customer who flooded us, to be told when that is over if they still hold.
CREATE TABLE held_news (
    conversation_id UUID NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    clock VARCHAR(20) NOT NULL CHECK (clock IN ('first_response', 'resolution', 'escalation', 'next_response')),
    kind VARCHAR(20) NOT NULL CHECK (kind IN ('warning', 'breach')),
    due_at TIMESTAMPTZ NOT NULL,
    held_until TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (conversation_id, clock, kind)
);
CREATE INDEX held_news_ending ON held_news(held_until);

-- Whether news of a conversation of this team and owner concerns a person, by their rights as they are now:
-- its owner and the team's leads; of escalations those, too, who answer for everything.
CREATE FUNCTION alert_concerns(person UUID, kind TEXT, team UUID, owner UUID) RETURNS BOOLEAN
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM users u
        WHERE u.id = person AND u.is_active
          AND (CASE WHEN kind = 'escalation' THEN u.role IN ('supervisor', 'admin') ELSE u.id = owner END
               OR (u.role = 'team_lead' AND EXISTS (
                     SELECT FROM team_memberships m WHERE m.user_id = u.id AND m.team_id = team))))
$$;
CREATE INDEX escalations_open_of ON escalations(escalated_to) WHERE ended_at IS NULL;

-- What was told, taken or said before this version, as it would be now.
UPDATE alerts a SET ended_at = NOW(), end_reason = 'moved'
FROM conversations c
WHERE c.id = a.conversation_id AND a.ended_at IS NULL
  AND NOT alert_concerns(a.user_id, a.kind, c.team_id, c.assigned_to);
UPDATE escalations e SET escalated_to = NULL, acknowledged_by = NULL, acknowledged_at = NULL, next_step_at = NOW()
FROM conversations c
WHERE c.id = e.conversation_id AND e.ended_at IS NULL AND e.escalated_to IS NOT NULL
  AND NOT alert_concerns(e.escalated_to, 'escalation', c.team_id, c.assigned_to);
INSERT INTO closed_notices (customer_id, team_id, told_at)
SELECT DISTINCT ON (customer_id) customer_id, team_id, told_closed_at FROM conversations
WHERE told_closed_at IS NOT NULL AND team_id IS NOT NULL
ORDER BY customer_id, told_closed_at DESC;
