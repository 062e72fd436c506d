-- Who a customer is: identities that begin and end, numbers that are written in two ways, and several rows of
-- `customers` that are one person without any of them being rewritten.

-- canonical_identity: The same for every way in which a channel writes one identity. Mexico's 1 and Argentina's 9 after
-- the country, and Brazil's ninth digit, come and go with WhatsApp's own records.
CREATE FUNCTION canonical_identity(channel TEXT, external_id TEXT) RETURNS TEXT
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN channel <> 'whatsapp' THEN external_id
        WHEN external_id ~ '^\+521\d{10}$' THEN '+52' || substr(external_id, 5)
        WHEN external_id ~ '^\+549\d{10}$' THEN '+54' || substr(external_id, 5)
        -- Only mobile numbers have a ninth digit: a landline of the same eight is somebody else's.
        WHEN external_id ~ '^\+55\d\d9[6-9]\d{7}$' THEN substr(external_id, 1, 5) || substr(external_id, 7)
        ELSE external_id END
$$;

ALTER TABLE customers
    -- One person with that row; one level, so that whoever looks follows one link.
    ADD COLUMN merged_into_id UUID REFERENCES customers(id),
    -- channel: the newest name of the profile; person: somebody typed it, and no profile replaces it.
    ADD COLUMN name_source VARCHAR(10) NOT NULL DEFAULT 'channel' CHECK (name_source IN ('channel', 'person')),
    ADD CONSTRAINT customers_not_merged_into_itself CHECK (merged_into_id <> id);
CREATE INDEX customers_merged ON customers(merged_into_id) WHERE merged_into_id IS NOT NULL;

CREATE FUNCTION refuse_merge_chains() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM customers WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL)
       OR EXISTS (SELECT FROM customers WHERE merged_into_id = NEW.id) THEN
        RAISE EXCEPTION 'customers are merged in one level: % into %', NEW.id, NEW.merged_into_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse_merge_chains BEFORE INSERT OR UPDATE OF merged_into_id ON customers FOR EACH ROW
    WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION refuse_merge_chains();

-- same_person: All rows of `customers` that are the person whom this one is of.
CREATE FUNCTION same_person(customer UUID) RETURNS SETOF UUID LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
    WITH person AS (SELECT COALESCE(merged_into_id, id) AS id FROM customers WHERE id = customer)
    SELECT id FROM person
    UNION ALL
    SELECT c.id FROM customers c JOIN person ON c.merged_into_id = person.id
$$;

-- customer_merges: Why two rows are one person, with what they were before, so that it can be undone.
CREATE TABLE customer_merges (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    survivor_id UUID NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
    merged_id UUID NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
    kind VARCHAR(20) NOT NULL CHECK (kind IN ('manual', 'rule', 'channel')), -- channel: the channel itself says so
    made_by UUID REFERENCES users(id) ON DELETE SET NULL,
    made_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    reason TEXT NOT NULL,
    evidence JSONB NOT NULL DEFAULT '{}',
    before JSONB NOT NULL,
    undone_at TIMESTAMPTZ,
    undone_by UUID REFERENCES users(id) ON DELETE SET NULL
);
CREATE INDEX customer_merges_survivor ON customer_merges(survivor_id);
CREATE INDEX customer_merges_merged ON customer_merges(merged_id);

ALTER TABLE customer_identities
    ADD COLUMN kind VARCHAR(20) CHECK (kind IN ('phone', 'user_id', 'app_id', 'group', 'email')),
    -- How it is known to be theirs: the channel says so, a code was sent there, they said so, an agent typed it.
    ADD COLUMN confidence VARCHAR(20) NOT NULL DEFAULT 'channel' CHECK (confidence IN ('channel', 'code', 'said', 'typed')),
    ADD COLUMN valid_from TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    ADD COLUMN last_seen_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    ADD COLUMN canonical TEXT NOT NULL GENERATED ALWAYS AS (canonical_identity(channel, external_id)) STORED;
UPDATE customer_identities SET
    kind = CASE WHEN channel = 'chat_app' THEN 'app_id' WHEN channel = 'email' THEN 'email'
                WHEN external_id LIKE '+%' THEN 'phone' ELSE 'user_id' END,
    valid_from = COALESCE(created_at, NOW()), last_seen_at = COALESCE(created_at, NOW());
ALTER TABLE customer_identities ALTER COLUMN kind SET NOT NULL;

-- customer_identity_history: Identities that ended: numbers are given to other people.
CREATE TABLE customer_identity_history (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id UUID NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
    channel VARCHAR(50) NOT NULL,
    external_id VARCHAR(255) NOT NULL,
    canonical TEXT NOT NULL GENERATED ALWAYS AS (canonical_identity(channel, external_id)) STORED,
    kind VARCHAR(20) NOT NULL,
    confidence VARCHAR(20) NOT NULL,
    valid_from TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ NOT NULL,
    -- changed: they have another one now; taken: somebody else uses it; variant: another way to write one they keep.
    reason VARCHAR(20) NOT NULL CHECK (reason IN ('changed', 'taken', 'variant'))
);
CREATE INDEX customer_identity_history_identity ON customer_identity_history(channel, canonical, ended_at DESC);
CREATE INDEX customer_identity_history_customer ON customer_identity_history(customer_id);

-- What was one number in two ways is one identity of one person from here on: the newest way, the oldest customer.
DO $$
DECLARE
    twice RECORD;
    oldest UUID;
    other UUID;
    others UUID[];
BEGIN
    FOR twice IN
        SELECT channel, canonical, array_agg(id ORDER BY created_at DESC, id) AS ids, array_agg(customer_id) AS customers
        FROM customer_identities GROUP BY channel, canonical HAVING COUNT(*) > 1
    LOOP
        SELECT COALESCE(merged_into_id, id) INTO oldest FROM customers WHERE id = ANY(twice.customers)
        ORDER BY created_at, id LIMIT 1;
        FOR other IN
            SELECT DISTINCT COALESCE(merged_into_id, id) FROM customers
            WHERE id = ANY(twice.customers) AND COALESCE(merged_into_id, id) <> oldest
        LOOP
            others := ARRAY(SELECT id FROM customers WHERE merged_into_id = other) || other;
            UPDATE customers SET merged_into_id = NULL WHERE merged_into_id = other;
            INSERT INTO customer_merges (survivor_id, merged_id, kind, reason, before)
            VALUES (oldest, other, 'channel', 'number_variant',
                    jsonb_build_object('survivor', (SELECT to_jsonb(c) FROM customers c WHERE c.id = oldest),
                                       'merged', (SELECT to_jsonb(c) FROM customers c WHERE c.id = other)));
            UPDATE customers SET merged_into_id = oldest WHERE id = ANY(others);
        END LOOP;
        INSERT INTO customer_identity_history (customer_id, channel, external_id, kind, confidence, valid_from, ended_at, reason)
        SELECT customer_id, channel, external_id, kind, confidence, valid_from, NOW(), 'variant'
        FROM customer_identities WHERE id = ANY(twice.ids[2:]);
        DELETE FROM customer_identities WHERE id = ANY(twice.ids[2:]);
    END LOOP;
END $$;
CREATE UNIQUE INDEX customer_identities_canonical ON customer_identities(channel, canonical);

ALTER TABLE conversations
    -- Who wrote last: answers go there. Null: to what is known of the customer.
    ADD COLUMN reply_identity_id UUID REFERENCES customer_identities(id) ON DELETE SET NULL;
CREATE INDEX conversations_reply_identity ON conversations(reply_identity_id) WHERE reply_identity_id IS NOT NULL;

-- Quarantine is a waiting room: what waits there is tried again on command, and only so often.
ALTER TABLE quarantined_updates
    ADD COLUMN tries INT NOT NULL DEFAULT 1,
    ADD COLUMN tried_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    ADD COLUMN resolved_at TIMESTAMPTZ; -- it was processed after all
CREATE INDEX quarantined_updates_open ON quarantined_updates(created_at) WHERE resolved_at IS NULL;

ALTER TABLE webhook_bodies
    ADD COLUMN tries INT NOT NULL DEFAULT 0,
    ADD COLUMN taken_by UUID, -- the server process that works on it; another takes it once that one is dead
    ADD COLUMN next_try_at TIMESTAMPTZ NOT NULL DEFAULT NOW(); -- and whoever comes, once this is past
