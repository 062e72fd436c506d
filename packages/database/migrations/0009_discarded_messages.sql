-- A message that never went out and that its writer has given up: kept for the record, not shown.
ALTER TABLE messages ADD COLUMN discarded_at TIMESTAMPTZ;

DROP TRIGGER append_update ON messages;
CREATE TRIGGER append_update AFTER UPDATE ON messages FOR EACH ROW
    WHEN ((OLD.status, OLD.content_text, OLD.content_metadata, OLD.delivered_at, OLD.read_at, OLD.failed_reason, OLD.ambiguous_at, OLD.sent_at, OLD.discarded_at)
          IS DISTINCT FROM
          (NEW.status, NEW.content_text, NEW.content_metadata, NEW.delivered_at, NEW.read_at, NEW.failed_reason, NEW.ambiguous_at, NEW.sent_at, NEW.discarded_at))
    EXECUTE FUNCTION append_message_change();
