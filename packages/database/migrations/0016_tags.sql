-- Tags travel to workstations, with what conversations have of them.

ALTER TABLE tags ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
-- «Factura» and «factura» would be one tag to whoever reads them: what is so already is told apart by a number.
UPDATE tags SET name = left(tags.name, 90) || ' (' || namesake.place || ')'
FROM (SELECT id, row_number() OVER (PARTITION BY lower(name) ORDER BY created_at, id) AS place FROM tags) AS namesake
WHERE namesake.id = tags.id AND namesake.place > 1;
CREATE UNIQUE INDEX tags_by_name ON tags(lower(name));

-- Adding a tag that is there raises its version: a removal that had not seen that does not take it off.
ALTER TABLE conversation_tags ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- team_tag_rules: How a team uses tags; a team without a row asks for none.
CREATE TABLE team_tag_rules (
    team_id UUID PRIMARY KEY REFERENCES teams(id) ON DELETE CASCADE,
    version BIGINT NOT NULL DEFAULT 1,
    required_on_close BOOLEAN NOT NULL DEFAULT FALSE,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

-- A conversation keeps its tags when it changes teams, so every name is everybody's to read.
SELECT feed_table('tags', 'tag');
-- What goes with a tag that is deleted is told by the tag's own removal: it may be on any number of conversations.
SELECT feed_table('conversation_tags', 'conversation_tag', conversation => 'conversation_id',
    parent => 'tags', parent_column => 'tag_id');
SELECT feed_table('team_tag_rules', 'tag_rule', identity => 'team_id');
