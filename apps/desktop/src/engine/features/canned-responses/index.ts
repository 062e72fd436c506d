import {
  cannedResponseKind,
  type CannedResponseRow,
  type CannedResponseView,
} from '@parley/contracts'
import { may } from '@parley/domain'

import { type EngineFeature } from '../../feature.ts'
import { type Applied } from '../../store/applied.ts'
import { type Cache } from '../../store/cache.ts'
import { keptKind } from '../../store/kept-kind.ts'

export const cannedResponses = {
  name: 'canned-responses',
  steps: [
    `CREATE TABLE canned_responses (
      id TEXT PRIMARY KEY, version INTEGER NOT NULL, row TEXT NOT NULL, generation INTEGER NOT NULL
    ) WITHOUT ROWID;`,
  ],
  // One that a fresh load does not bring was deleted, or is of a team that this person has left.
  kinds: [keptKind(cannedResponseKind, { table: 'canned_responses', sweep: 'remove' })],
  accessChanged: removeWhatMayNotBeUsed,
  handlers: (engine) => ({
    'cannedResponses.list': ({ teamId }) => listCannedResponses(engine.cache, teamId),
  }),
} satisfies EngineFeature

/** Whoever has left a team has its words no longer: nothing of them changes, so the feed says nothing of it. */
function removeWhatMayNotBeUsed(cache: Cache, { topics }: Applied): void {
  for (const { id, teamId } of cannedResponsesIn(cache)) {
    if (teamId === null || may(cache.actor, 'canned_response.use', { teamId, assignedTo: null }))
      continue
    cache.store.run('DELETE FROM canned_responses WHERE id = ?', id)
    topics.add('canned_response')
  }
}

const cannedResponsesIn = ({ store }: Cache): CannedResponseRow[] =>
  store.rows<CannedResponseRow>('SELECT row FROM canned_responses')

/** What can be used in a conversation of this team: global ones, the team's and one's own. */
function listCannedResponses(cache: Cache, teamId: string | null): CannedResponseView[] {
  return cannedResponsesIn(cache)
    .filter((row) => row.teamId === null || row.teamId === teamId)
    .map(({ id, shortcut, title, content, language, teamId: of }) => ({
      id,
      shortcut,
      title,
      content,
      language,
      teamId: of,
    }))
    .toSorted((a, b) => a.shortcut.localeCompare(b.shortcut))
}
