-- What an intent that can be undone did, and how its conversation stood before.
ALTER TABLE intents
    ADD COLUMN event_id UUID, -- of the audit trail; no reference: nothing is undone once its events are gone
    ADD COLUMN stood_before JSONB;
