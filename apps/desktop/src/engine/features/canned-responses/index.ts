import {
  cannedResponseKind,
  type CannedResponseRow,
  type CannedResponseView,
} from '@parley/contracts'

import { type EngineFeature } from '../../feature.ts'
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
  handlers: (engine) => ({
    'cannedResponses.list': ({ teamId }) => listCannedResponses(engine.cache, teamId),
  }),
} satisfies EngineFeature

/** What can be used in a conversation of this team: global ones, the team's and one's own. */
function listCannedResponses(cache: Cache, teamId: string | null): CannedResponseView[] {
  return cache.store
    .rows<CannedResponseRow>('SELECT row FROM canned_responses')
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
