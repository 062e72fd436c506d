-- What a person chose, to return to when a lost connection comes back.
ALTER TABLE agent_presence
    ADD COLUMN chosen_status VARCHAR(20) NOT NULL DEFAULT 'online' CHECK (chosen_status IN ('online', 'busy', 'away')),
    ADD COLUMN chosen_reason VARCHAR(100),
    ADD COLUMN last_assigned_at TIMESTAMPTZ; -- ties between equally loaded people go to the longest idle

-- sign_in_attempts: Shared by all server processes; the columns are rate-limiter-flexible's.
CREATE TABLE sign_in_attempts (
    key VARCHAR(255) PRIMARY KEY,
    points INT NOT NULL DEFAULT 0,
    expire BIGINT -- epoch milliseconds
);
