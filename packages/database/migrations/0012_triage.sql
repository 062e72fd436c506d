-- Triage as supervisors set it: versioned rules, the order of its steps, and who gets what nothing places.

-- triage_rule_sets: Every save is a version of its own; the newest decides.
CREATE TABLE triage_rule_sets (
    version INT PRIMARY KEY CHECK (version > 0),
    rules JSONB NOT NULL,
    note VARCHAR(500) NOT NULL DEFAULT '',
    restored_from INT REFERENCES triage_rule_sets(version),
    created_by UUID REFERENCES users(id) ON DELETE SET NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

CREATE TABLE triage_settings (
    only_row BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (only_row),
    steps TEXT[] NOT NULL DEFAULT '{rules,model,built_in}'
        CHECK (cardinality(steps) > 0 AND steps <@ '{rules,model,built_in}'::text[]),
    fallback_team_id UUID REFERENCES teams(id) ON DELETE SET NULL, -- null: customer service
    -- Shorter than what the sweep waits before it takes a conversation for forgotten.
    overall_limit_ms INT NOT NULL DEFAULT 2000 CHECK (overall_limit_ms BETWEEN 100 AND 4000),
    version INT NOT NULL DEFAULT 1,
    updated_by UUID REFERENCES users(id) ON DELETE SET NULL,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
INSERT INTO triage_settings DEFAULT VALUES;
