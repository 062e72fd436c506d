-- A table whose rows travel to workstations says so once. Until now every one had functions of its own that
-- differed in names only.

-- feed_table: Makes the triggers by which a table's changes reach the feed, and, where it has a `version`, the one
-- that raises it.
--   kind            the row's name in the feed, singular
--   team, owner     columns that say whose it is, by team and by person
--   conversation    or the column of the conversation whose people see it; what is deleted with it is not told,
--                   because its own removal says all
--   parent          another table that such a row hangs on in the same way, by the column `parent_column`
--   shared          a row of neither team nor owner is everybody's; with no columns at all every row is
--   operations      what is news, as CREATE TRIGGER says it
--   news            columns of which one must change for an update to be news; null: any
-- The functions are written out for each table, so that a change costs what one written by hand does.
CREATE FUNCTION feed_table(
    source REGCLASS,
    kind TEXT,
    identity TEXT DEFAULT 'id',
    team TEXT DEFAULT NULL,
    owner TEXT DEFAULT NULL,
    conversation TEXT DEFAULT NULL,
    parent REGCLASS DEFAULT NULL,
    parent_column TEXT DEFAULT NULL,
    shared BOOLEAN DEFAULT FALSE,
    operations TEXT DEFAULT 'INSERT OR UPDATE OR DELETE',
    news TEXT[] DEFAULT NULL
) RETURNS VOID LANGUAGE plpgsql AS $make$
DECLARE
    has_version BOOLEAN := EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = source AND attname = 'version' AND NOT attisdropped);
    has_updated_at BOOLEAN := EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = source AND attname = 'updated_at' AND NOT attisdropped);
    has_bump BOOLEAN := EXISTS (
        SELECT FROM pg_trigger WHERE tgrelid = source AND tgname = 'bump_version');
    append TEXT := format('append_%s_change', kind);
    everyone TEXT := CASE
        WHEN team IS NULL AND owner IS NULL AND conversation IS NULL THEN 'TRUE'
        WHEN NOT shared THEN 'FALSE'
        ELSE (
            SELECT string_agg(format('(%s AND TG_OP <> %L)', free, absent), ' OR ')
            FROM (VALUES ('OLD', 'INSERT'), ('NEW', 'DELETE')) AS side(name, absent),
                 LATERAL (
                     SELECT string_agg(format('%s.%I IS NULL', side.name, of), ' AND ') AS free
                     FROM unnest(ARRAY[team, owner]) AS of WHERE of IS NOT NULL
                 ) AS unowned)
        END;
    -- Who saw it before and who sees it now: team, then person.
    sides TEXT := CASE
        WHEN conversation IS NOT NULL THEN 'c.team_id, c.team_id, c.assigned_to, c.assigned_to'
        ELSE (
            SELECT string_agg(CASE WHEN of IS NULL THEN 'NULL::uuid, NULL::uuid' ELSE format('OLD.%1$I, NEW.%1$I', of) END, ', ')
            FROM unnest(ARRAY[team, owner]) AS of)
        END;
    found_by TEXT := CASE WHEN conversation IS NULL THEN ''
        ELSE format('FROM conversations c WHERE c.id = COALESCE(NEW.%1$I, OLD.%1$I)', conversation)
            || CASE WHEN parent IS NULL THEN ''
                    ELSE format(' AND EXISTS (SELECT FROM %1$s WHERE id = COALESCE(NEW.%2$I, OLD.%2$I))',
                                parent, parent_column) END
        END;
BEGIN
    IF has_version AND NOT has_bump THEN
        EXECUTE format('CREATE TRIGGER bump_version BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION %s()',
            source, CASE WHEN has_updated_at THEN 'touch_and_bump_version' ELSE 'bump_version' END);
    END IF;
    EXECUTE format($body$
        CREATE FUNCTION %1$I() RETURNS TRIGGER LANGUAGE plpgsql AS $append$
        BEGIN
            INSERT INTO changes (entity, entity_id, version, everyone,
                                 team_before, team_after, user_before, user_after, intent_id)
            SELECT %2$L, COALESCE(NEW.%3$I, OLD.%3$I), %4$s, %5$s, %6$s, current_intent() %7$s;
            RETURN NULL;
        END $append$
        $body$,
        append, kind, identity,
        CASE WHEN has_version THEN 'COALESCE(NEW.version, OLD.version + 1)' ELSE '1' END,
        everyone, sides, found_by);
    IF news IS NULL THEN
        EXECUTE format('CREATE TRIGGER append_change AFTER %s ON %s FOR EACH ROW EXECUTE FUNCTION %I()',
            operations, source, append);
    ELSE
        EXECUTE format('CREATE TRIGGER append_change AFTER %s ON %s FOR EACH ROW EXECUTE FUNCTION %I()',
            regexp_replace(operations, ' OR UPDATE|UPDATE OR ', ''), source, append);
        EXECUTE format(
            'CREATE TRIGGER append_update AFTER UPDATE ON %s FOR EACH ROW WHEN (%s) EXECUTE FUNCTION %I()',
            source,
            (SELECT string_agg(format('OLD.%1$I IS DISTINCT FROM NEW.%1$I', of), ' OR ') FROM unnest(news) AS of),
            append);
    END IF;
END $make$;

DO $$
DECLARE
    old RECORD;
BEGIN
    FOR old IN SELECT tgrelid::regclass AS source, tgname FROM pg_trigger
               WHERE tgname IN ('append_change', 'append_update') LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', old.tgname, old.source);
    END LOOP;
    FOR old IN SELECT oid::regprocedure AS name FROM pg_proc
               WHERE proname LIKE 'append\_%\_change' AND pronamespace = 'public'::regnamespace LOOP
        EXECUTE format('DROP FUNCTION %s', old.name);
    END LOOP;
END $$;

SELECT feed_table('users', 'person', operations => 'INSERT OR UPDATE');
SELECT feed_table('teams', 'team', operations => 'INSERT OR UPDATE');
SELECT feed_table('canned_responses', 'canned_response', team => 'team_id', owner => 'owner_id', shared => TRUE);
-- A customer is seen by whoever sees one of their conversations; readers ask that at delivery.
SELECT feed_table('customers', 'customer', operations => 'UPDATE');
SELECT feed_table('conversations', 'conversation', team => 'team_id', owner => 'assigned_to',
    operations => 'INSERT OR UPDATE');
SELECT feed_table('conversation_events', 'event', conversation => 'conversation_id', operations => 'INSERT');
-- The attempt's own book-keeping is nobody's news.
SELECT feed_table('messages', 'message', conversation => 'conversation_id', operations => 'INSERT OR UPDATE',
    news => ARRAY['status', 'content_text', 'content_metadata', 'delivered_at', 'read_at', 'failed_reason',
                  'ambiguous_at', 'sent_at', 'discarded_at']);
SELECT feed_table('offers', 'offer', owner => 'user_id', operations => 'INSERT OR UPDATE');
SELECT feed_table('alerts', 'alert', owner => 'user_id', operations => 'INSERT OR UPDATE');
SELECT feed_table('alert_preferences', 'alert_preferences', identity => 'user_id', owner => 'user_id',
    operations => 'INSERT OR UPDATE');
