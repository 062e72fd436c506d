-- The audit log; sessions that end by time; how accounts begin, and what stands beside a password.

-- audit_log: What was done to the installation, by whom; security events too. Each row's hash covers the row and the
-- hash before it, by a key that the database does not have (`platform/audit-log.ts`).
CREATE TABLE audit_log (
    seq BIGINT PRIMARY KEY,   -- from 1, without gaps
    at TIMESTAMPTZ NOT NULL,  -- to the millisecond
    actor_kind VARCHAR(20) NOT NULL
        CHECK (actor_kind IN ('user', 'api_key', 'scim', 'command_line', 'system', 'anonymous')),
    actor_id UUID,            -- the user's, or the key's
    session_id UUID,
    address VARCHAR(64),
    action VARCHAR(60) NOT NULL,
    target_kind VARCHAR(30),
    target_id VARCHAR(100),
    before JSON,              -- letter by letter as the hash covers it, which JSONB would not keep
    after JSON,
    request_id UUID,
    key_id VARCHAR(16) NOT NULL,
    hash BYTEA NOT NULL
);
CREATE INDEX audit_log_at ON audit_log(at);
CREATE INDEX audit_log_by ON audit_log(actor_id, seq) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_log_about ON audit_log(target_id, seq) WHERE target_id IS NOT NULL;
CREATE INDEX audit_log_action ON audit_log(action, seq);

-- audit_chain: Where the log begins and ends. Whoever appends holds its only row until they have committed.
CREATE TABLE audit_chain (
    is_only BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (is_only),
    pruned_seq BIGINT NOT NULL DEFAULT 0, -- the last row that outlived its time, and its hash
    pruned_hash BYTEA NOT NULL DEFAULT ''::bytea,
    seq BIGINT NOT NULL DEFAULT 0,        -- the last row, and its hash
    hash BYTEA NOT NULL DEFAULT ''::bytea,
    epoch UUID                            -- of the feed: another one means that a backup was restored
);
INSERT INTO audit_chain DEFAULT VALUES;

CREATE FUNCTION refuse_to_rewrite_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Retention alone removes rows, from the beginning of the log, and says so before it does.
    IF TG_OP = 'DELETE' AND OLD.seq <= (SELECT pruned_seq FROM audit_chain) THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'the audit log is only appended to';
END
$$;
CREATE TRIGGER audit_log_is_appended_to BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite_audit_log();
CREATE TRIGGER audit_log_is_not_emptied BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_rewrite_audit_log();

-- security_policy: What holds for all accounts, as administrators set it.
CREATE TABLE security_policy (
    is_only BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (is_only),
    version INT NOT NULL DEFAULT 1,
    session_idle_minutes INT NOT NULL DEFAULT 10080 CHECK (session_idle_minutes >= 30),
    session_lifetime_minutes INT NOT NULL DEFAULT 43200 CHECK (session_lifetime_minutes >= 60),
    password_min_length INT NOT NULL DEFAULT 12 CHECK (password_min_length BETWEEN 8 AND 64),
    second_factor_roles TEXT[] NOT NULL DEFAULT '{}'
        CHECK (second_factor_roles <@ ARRAY['admin', 'supervisor', 'team_lead', 'agent'])
);
INSERT INTO security_policy DEFAULT VALUES;

ALTER TABLE sessions
    ADD COLUMN address VARCHAR(64), -- where it was last refreshed from
    DROP CONSTRAINT sessions_end_reason_check,
    ADD CONSTRAINT sessions_end_reason_check CHECK (end_reason IN (
        'signed_out', 'revoked', 'replaced', 'token_reused', 'deactivated', 'expired', 'password_changed'));
CREATE INDEX sessions_living ON sessions(last_used_at) WHERE ended_at IS NULL;

-- known_devices: Where a person has signed in before. Strangers who guess passwords do not stand in the way of these.
CREATE TABLE known_devices (
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    device_id UUID NOT NULL REFERENCES devices(id) ON DELETE CASCADE,
    secret_hash BYTEA NOT NULL, -- SHA-256 of what only the device has
    PRIMARY KEY (user_id, device_id)
);

-- account_links: Let a person in once, to choose a password. Only hashes are kept.
CREATE TABLE account_links (
    hash BYTEA PRIMARY KEY, -- SHA-256
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    purpose VARCHAR(20) NOT NULL CHECK (purpose IN ('invitation', 'reset')),
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    expires_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ -- used, or replaced by a newer one
);
CREATE UNIQUE INDEX account_links_open ON account_links(user_id) WHERE ended_at IS NULL;
CREATE INDEX account_links_expired ON account_links(expires_at);

-- second_factors: Time-based codes (RFC 6238). The secret is sealed by the key named beside it.
CREATE TABLE second_factors (
    user_id UUID PRIMARY KEY REFERENCES users(id) ON DELETE CASCADE,
    secret BYTEA NOT NULL,
    key_id VARCHAR(16) NOT NULL,
    confirmed_at TIMESTAMPTZ,            -- null: shown to the person, who has not answered with a code yet
    last_step BIGINT NOT NULL DEFAULT 0  -- of the newest code that was taken: none is taken twice
);
CREATE TABLE recovery_codes (
    hash BYTEA PRIMARY KEY, -- SHA-256: a code has 80 random bits
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    used_at TIMESTAMPTZ
);
CREATE INDEX recovery_codes_of_user ON recovery_codes(user_id);
