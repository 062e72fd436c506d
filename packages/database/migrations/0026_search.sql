-- What people look for, beside what it stands in: filled behind the commits by whichever server process has the time.

-- A trusted extension of PostgreSQL's own contrib.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- message_search: The words of messages, folded as workstations fold them, with their Spanish and English stems. Each
-- lexeme begins with the bucket of the message's number, so that the newest are found first without sorting all that
-- match; the team's lexeme narrows, and permissions are asked of the conversation.
CREATE TABLE message_search (
    message_id UUID PRIMARY KEY REFERENCES messages(id) ON DELETE CASCADE,
    conversation_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    words TSVECTOR NOT NULL
);
-- Written in batches, and read by people who wait: nothing is put off to whoever looks next.
CREATE INDEX message_search_words ON message_search USING GIN (words) WITH (fastupdate = off);

-- customer_search: Names and numbers, with a blank before each.
CREATE TABLE customer_search (
    customer_id UUID PRIMARY KEY REFERENCES customers(id) ON DELETE CASCADE,
    words TEXT NOT NULL
);
CREATE INDEX customer_search_words ON customer_search USING GIN (words gin_trgm_ops) WITH (fastupdate = off);

-- search_progress: How far both have come. What was there before is walked once, the newest messages first.
CREATE TABLE search_progress (
    only_row BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (only_row),
    cursor TEXT,            -- the place in the feed up to which it follows; null: it has not begun
    messages_before UUID,   -- what is still to be walked; null: nothing
    customers_after UUID
);
INSERT INTO search_progress DEFAULT VALUES;
