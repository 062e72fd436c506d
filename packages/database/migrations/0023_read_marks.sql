-- read_marks: How far each person has read each conversation, so that what is read on one device is read on all.
-- Of two marks of the same the greater stands, by (turn, seq): the order in which they come in says nothing.
CREATE TABLE read_marks (
    id UUID PRIMARY KEY DEFAULT new_id(), -- by the time it was made, which pruning goes by
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    conversation_id UUID NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
    turn INTEGER NOT NULL DEFAULT 0 CHECK (turn >= 0), -- how often they marked it unread
    seq BIGINT NOT NULL CHECK (seq >= 0), -- the newest message's that they have read
    version BIGINT NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    UNIQUE (user_id, conversation_id)
);
CREATE INDEX read_marks_conversation ON read_marks(conversation_id);

-- Who has answered has read: nobody's open conversations are all new to them after this.
INSERT INTO read_marks (user_id, conversation_id, seq)
SELECT c.assigned_to, c.id, answered.seq
FROM conversations c
CROSS JOIN LATERAL (
    SELECT MAX(m.seq) AS seq FROM messages m
    WHERE m.conversation_id = c.id AND m.direction = 'outbound' AND m.sender_id = c.assigned_to) AS answered
WHERE c.status <> 'closed' AND c.assigned_to IS NOT NULL AND answered.seq IS NOT NULL;

-- A mark is pruned long after anybody looks at its conversation, which takes it along where it goes from a workstation.
SELECT feed_table('read_marks', 'read_mark', owner => 'user_id', operations => 'INSERT OR UPDATE');
