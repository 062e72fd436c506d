-- A company's directory: who is managed by it, what its groups stand for, and the keys by which programs get in.

-- Who says what a person is called and may do: an administrator, single sign-on, or the directory's provisioning.
ALTER TABLE users
    ADD COLUMN managed_by VARCHAR(10) NOT NULL DEFAULT 'manual' CHECK (managed_by IN ('manual', 'sso', 'scim'));

-- group_mappings: What a group of the directory stands for. Names are compared without case.
CREATE TABLE group_mappings (
    name VARCHAR(255) NOT NULL,
    role VARCHAR(50) CHECK (role IN ('admin', 'supervisor', 'team_lead', 'agent')),
    team_id UUID REFERENCES teams(id) ON DELETE CASCADE,
    CHECK (role IS NOT NULL OR team_id IS NOT NULL)
);
CREATE UNIQUE INDEX group_mappings_of_name ON group_mappings(LOWER(name));

-- group_mapping_list: The version of the list as a whole. Whoever lets rights follow from groups holds its only row
-- shared, so that nobody is overlooked by who changes the list.
CREATE TABLE group_mapping_list (
    is_only BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (is_only),
    version INT NOT NULL DEFAULT 1
);
INSERT INTO group_mapping_list DEFAULT VALUES;

-- directory_people: People as the directory describes them. Their account stays when the directory forgets them.
CREATE TABLE directory_people (
    user_id UUID PRIMARY KEY REFERENCES users(id) ON DELETE CASCADE,
    user_name VARCHAR(255) NOT NULL,
    external_id VARCHAR(255),
    display_name VARCHAR(255),
    formatted_name VARCHAR(255),
    given_name VARCHAR(255),
    family_name VARCHAR(255),
    is_active BOOLEAN NOT NULL DEFAULT TRUE, -- as the directory last said; an administrator may have switched them off
    changed_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    deleted_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX directory_people_of_name ON directory_people(LOWER(user_name)) WHERE deleted_at IS NULL;
CREATE INDEX directory_people_external ON directory_people(external_id) WHERE external_id IS NOT NULL;

-- directory_groups: Groups as the directory sends them. What they stand for is found by their name.
CREATE TABLE directory_groups (
    id UUID PRIMARY KEY,
    display_name VARCHAR(255) NOT NULL,
    external_id VARCHAR(255),
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    changed_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);
CREATE UNIQUE INDEX directory_groups_of_name ON directory_groups(LOWER(display_name));
CREATE INDEX directory_groups_external ON directory_groups(external_id) WHERE external_id IS NOT NULL;
CREATE TABLE directory_group_members (
    group_id UUID NOT NULL REFERENCES directory_groups(id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX directory_group_members_of_user ON directory_group_members(user_id);

-- group_rights_due: Of whom a group was renamed, or stands for something else now, and what follows was not done yet.
CREATE TABLE group_rights_due (
    user_id UUID PRIMARY KEY REFERENCES users(id) ON DELETE CASCADE
);

-- api_keys: Let programs in, on behalf of a person and never further than that person. Only hashes are kept.
CREATE TABLE api_keys (
    id UUID PRIMARY KEY,
    hash BYTEA NOT NULL, -- SHA-256 of the whole key, which has 256 random bits
    name VARCHAR(100) NOT NULL,
    owner_id UUID NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    scopes TEXT[] NOT NULL CHECK (cardinality(scopes) > 0),
    allowed_addresses TEXT[] NOT NULL DEFAULT '{}', -- addresses and networks; none: from anywhere
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    expires_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ, -- to the hour
    revoked_at TIMESTAMPTZ,
    replaces UUID UNIQUE REFERENCES api_keys(id) ON DELETE SET NULL, -- of two in rotation, on the newer one
    CHECK (expires_at <= created_at + INTERVAL '2 years')
);
CREATE INDEX api_keys_of_owner ON api_keys(owner_id);
