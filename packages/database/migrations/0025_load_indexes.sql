-- What a workstation begins with, by who sees it: a person's teams, each by its own index, and what is theirs outside of
-- them. Closed conversations pile up for ever, and are read from the newest on, never through those of other teams.
CREATE INDEX conversations_open_of_team ON conversations(team_id, id) WHERE status <> 'closed';
CREATE INDEX conversations_closed_of_team ON conversations(team_id, closed_at DESC, id) WHERE status = 'closed';
CREATE INDEX conversations_closed_of_owner ON conversations(assigned_to, closed_at DESC, id) WHERE status = 'closed';
