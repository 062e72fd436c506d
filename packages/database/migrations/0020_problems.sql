-- problems: What is broken in the installation, for administrators. Raised and ended by whoever finds out.
CREATE TABLE problems (
    id UUID PRIMARY KEY DEFAULT new_id(),
    kind VARCHAR(50) NOT NULL,
    -- What it is about, such as a channel account's id; empty where there is one of the kind.
    subject VARCHAR(100) NOT NULL DEFAULT '',
    -- Counts, and names of the installation's own: nothing that customers wrote, no secret.
    details JSONB NOT NULL DEFAULT '{}',
    -- How often it was told; not more than once a minute.
    count BIGINT NOT NULL DEFAULT 1,
    first_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    last_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    acknowledged_by UUID REFERENCES users(id) ON DELETE SET NULL,
    acknowledged_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX problems_open ON problems(kind, subject) WHERE ended_at IS NULL;
CREATE INDEX problems_ended ON problems(ended_at) WHERE ended_at IS NOT NULL;
-- What is deleted ended long before.
SELECT feed_table('problems', 'problem', operations => 'INSERT OR UPDATE');

-- What was broken before this version, told as it is now; the rest the server finds by itself.
INSERT INTO problems (kind, subject, details, first_at)
SELECT 'channel_stopped', id::text,
       jsonb_build_object('channel', channel, 'account', display_name, 'reason', split_part(stopped_reason, ':', 1)), stopped_at
FROM channel_accounts WHERE stopped_at IS NOT NULL;
