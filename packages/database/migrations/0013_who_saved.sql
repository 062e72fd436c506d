-- Whose settings they are that somebody else was about to overwrite.
ALTER TABLE team_settings
    ADD COLUMN updated_by UUID REFERENCES users(id) ON DELETE SET NULL,
    ADD COLUMN updated_at TIMESTAMPTZ;
