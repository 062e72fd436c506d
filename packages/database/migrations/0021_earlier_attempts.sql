-- Messages that a person had sent again before attempts were rows: what the channel says of their earlier attempts must
-- not be taken for word of the present one. Until then the channel was given the message's own id with each of them, so
-- a present one that has not left yet goes under an id of its own.
UPDATE message_attempts a
SET number = a.number + 1000 + jsonb_array_length(m.metadata->'earlierChannelIds'),
    id = CASE WHEN a.state = 'waiting' AND a.id = m.id THEN new_id() ELSE a.id END
FROM messages m
WHERE a.message_id = m.id AND m.direction = 'outbound'
  AND jsonb_typeof(m.metadata->'earlierChannelIds') = 'array'
  AND jsonb_array_length(m.metadata->'earlierChannelIds') > 0;
-- By way of numbers that none of them had: some have been sent again since, too.
UPDATE message_attempts SET number = number - 1000 WHERE number > 1000;
INSERT INTO message_attempts (
    id, message_id, number, conversation_id, message_seq, state, channel_message_id, created_at)
SELECT new_id(), m.id, earlier.number, m.conversation_id, m.seq, 'failed', earlier.channel_id, m.created_at
FROM messages m
CROSS JOIN LATERAL jsonb_array_elements_text(
    CASE WHEN jsonb_typeof(m.metadata->'earlierChannelIds') = 'array' THEN m.metadata->'earlierChannelIds' ELSE '[]' END
) WITH ORDINALITY AS earlier(channel_id, number)
WHERE m.direction = 'outbound' AND m.metadata ? 'earlierChannelIds'
ON CONFLICT DO NOTHING;
