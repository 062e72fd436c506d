-- Sign-in: a device's session and its rotating refresh tokens. Only hashes of tokens are kept.

CREATE TABLE devices (
    id UUID PRIMARY KEY, -- made by the workstation
    name VARCHAR(120) NOT NULL,
    platform VARCHAR(20) NOT NULL CHECK (platform IN ('linux', 'darwin', 'win32')),
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

CREATE TABLE sessions (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    device_id UUID NOT NULL REFERENCES devices(id) ON DELETE CASCADE,
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    last_used_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    ended_at TIMESTAMPTZ,
    end_reason VARCHAR(30) CHECK (end_reason IN ('signed_out', 'revoked', 'replaced', 'token_reused', 'deactivated', 'expired'))
);
CREATE INDEX sessions_of_user ON sessions(user_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_of_device ON sessions(device_id) WHERE ended_at IS NULL;

CREATE TABLE refresh_tokens (
    hash BYTEA PRIMARY KEY, -- SHA-256 of the token
    session_id UUID NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
    predecessor BYTEA REFERENCES refresh_tokens(hash) ON DELETE SET NULL,
    issued_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    rotated_at TIMESTAMPTZ, -- a successor was issued
    retired_at TIMESTAMPTZ  -- its successor was used, or it was replaced: presenting it now is reuse
);
CREATE INDEX refresh_tokens_of_session ON refresh_tokens(session_id);
CREATE INDEX refresh_tokens_predecessor ON refresh_tokens(predecessor) WHERE predecessor IS NOT NULL;

-- intents: What a workstation asked for, by the id it made. Asking again answers the same and does nothing.
CREATE TABLE intents (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    procedure VARCHAR(60) NOT NULL,
    conversation_id UUID,
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
CREATE INDEX intents_created ON intents(created_at);
