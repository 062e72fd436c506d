-- Single sign-on by OpenID Connect: who says for a company who somebody is, and whom they mean.

-- identity_providers: Directories of companies. The secret is sealed by the key named beside it.
CREATE TABLE identity_providers (
    id UUID PRIMARY KEY,
    version INT NOT NULL DEFAULT 1,
    name VARCHAR(60) NOT NULL,                -- as people call it: "Entrar con …"
    issuer VARCHAR(500) NOT NULL UNIQUE,
    client_id VARCHAR(300) NOT NULL,
    client_secret BYTEA,                      -- null: a public client, by PKCE alone
    key_id VARCHAR(16),
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    is_forced BOOLEAN NOT NULL DEFAULT FALSE, -- people of its domains sign in by it and by nothing else
    trusts_email BOOLEAN NOT NULL DEFAULT FALSE, -- its e-mail addresses are the company's own, without saying so each time
    creates_people BOOLEAN NOT NULL DEFAULT FALSE,
    default_role VARCHAR(20) NOT NULL DEFAULT 'agent'
        CHECK (default_role IN ('supervisor', 'team_lead', 'agent')),
    groups_claim VARCHAR(100),                -- null: groups are not looked at
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

-- sign_on_domains: What follows the @ of the addresses that a provider speaks for. Each is one provider's.
CREATE TABLE sign_on_domains (
    domain VARCHAR(253) PRIMARY KEY CHECK (domain = LOWER(domain)),
    provider_id UUID NOT NULL REFERENCES identity_providers(id) ON DELETE CASCADE
);
CREATE INDEX sign_on_domains_of ON sign_on_domains(provider_id);

-- user_identities: A person as a provider knows them. An address changes hands, a subject never does.
CREATE TABLE user_identities (
    provider_id UUID NOT NULL REFERENCES identity_providers(id) ON DELETE CASCADE,
    subject VARCHAR(255) NOT NULL,
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    linked_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    PRIMARY KEY (provider_id, subject),
    UNIQUE (user_id, provider_id)
);

-- sign_on_attempts: Between a browser's leaving for the provider and its coming back, once.
CREATE TABLE sign_on_attempts (
    state_hash BYTEA PRIMARY KEY,   -- SHA-256, as all hashes here
    provider_id UUID NOT NULL REFERENCES identity_providers(id) ON DELETE CASCADE,
    browser_hash BYTEA NOT NULL,    -- of a cookie: another browser does not finish it
    nonce VARCHAR(64) NOT NULL,
    verifier BYTEA NOT NULL,        -- of the server's own PKCE, sealed
    key_id VARCHAR(16) NOT NULL,
    challenge BYTEA NOT NULL,       -- of the workstation's verifier
    port INT NOT NULL CHECK (port BETWEEN 1024 AND 65535), -- where the workstation listens on its own machine
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sign_on_attempts_expired ON sign_on_attempts(expires_at);

-- sign_on_tickets: Let the workstation that holds the verifier in, once, within a minute.
CREATE TABLE sign_on_tickets (
    hash BYTEA PRIMARY KEY,
    challenge BYTEA NOT NULL,
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    provider_id UUID NOT NULL REFERENCES identity_providers(id) ON DELETE CASCADE,
    subject VARCHAR(255) NOT NULL,
    provider_session VARCHAR(255),
    signed_on_at TIMESTAMPTZ NOT NULL, -- as the provider says
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sign_on_tickets_expired ON sign_on_tickets(expires_at);

-- provider_logouts: What a provider said is over. Each is heard once, and ends what was under way, too.
CREATE TABLE provider_logouts (
    provider_id UUID NOT NULL REFERENCES identity_providers(id) ON DELETE CASCADE,
    token_id VARCHAR(255) NOT NULL,
    subject VARCHAR(255),
    provider_session VARCHAR(255),
    said_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (provider_id, token_id)
);
CREATE INDEX provider_logouts_expired ON provider_logouts(expires_at);

ALTER TABLE sessions
    ADD COLUMN provider_id UUID REFERENCES identity_providers(id) ON DELETE SET NULL,
    ADD COLUMN subject VARCHAR(255),
    ADD COLUMN provider_session VARCHAR(255),
    DROP CONSTRAINT sessions_end_reason_check,
    ADD CONSTRAINT sessions_end_reason_check CHECK (end_reason IN (
        'signed_out', 'revoked', 'replaced', 'token_reused', 'deactivated', 'expired', 'password_changed',
        'provider_ended'));
CREATE INDEX sessions_of_subject ON sessions(provider_id, subject) WHERE ended_at IS NULL AND provider_id IS NOT NULL;

-- The one account that a password lets in where single sign-on is forced, for when the provider fails.
ALTER TABLE security_policy ADD COLUMN break_glass_user_id UUID REFERENCES users(id);
