-- The initial load of a workstation pages through what is open, then through what was closed lately.
CREATE INDEX conversations_open ON conversations(id) WHERE status <> 'closed';
CREATE INDEX conversations_closed ON conversations(closed_at DESC, id) WHERE status = 'closed';
CREATE INDEX conversation_events_by_sequence ON conversation_events(conversation_id, seq);
