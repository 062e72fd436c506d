import { offerKind, type OfferRow } from '@parley/contracts'

import { newApplied, newsOf, type Applied } from '../../store/applied.ts'
import { type Cache } from '../../store/cache.ts'
import { keptKind } from '../../store/kept-kind.ts'

export const ROUTING_STEPS: readonly string[] = [
  `
  -- Decided ones stay for a day: what comes late must not open them again.
  CREATE TABLE offers (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    conversation_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    row TEXT NOT NULL,
    generation INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX offers_open ON offers(expires_at) WHERE outcome = 'open';
  CREATE INDEX offers_open_of ON offers(conversation_id) WHERE outcome = 'open';
  `,
]

/** Offers to this person that are new. */
export const offered = newsOf<OfferRow>('new offers')
/** Offers that are decided, by id. */
export const offerOver = newsOf<string>('decided offers')

/** For so long after it was made nothing late can open a decided offer again. */
const OFFERS_KEPT_MS = 24 * 60 * 60 * 1000

export const keptOffers = keptKind(offerKind, {
  table: 'offers',
  mayKeep: ({ myId }, { userId }) => userId === myId,
  columns: ({ conversationId, outcome, expiresAt }) => ({
    conversation_id: conversationId,
    outcome,
    expires_at: expiresAt,
  }),
  kept({ store }, row, before, { news }) {
    store.run(
      'DELETE FROM offers WHERE expires_at < ?',
      new Date(Date.parse(row.offeredAt) - OFFERS_KEPT_MS).toISOString(),
    )
    if (row.outcome !== 'open') news.tell(offerOver, row.id)
    else if (before === null) news.tell(offered, row)
  },
  sweep: 'remove',
})

export function conversationsOffered({ store }: Cache): string[] {
  return store
    .all<{ id: string }>(`SELECT conversation_id AS id FROM offers WHERE outcome = 'open'`)
    .map(({ id }) => id)
}

/** Whether an open offer is of one of these. */
export function areOffered({ store }: Cache, conversationIds: ReadonlySet<string>): boolean {
  const found = store.value(
    `SELECT 1 FROM json_each(?) asked CROSS JOIN offers o ON o.conversation_id = asked.value AND o.outcome = 'open'
     LIMIT 1`,
    JSON.stringify([...conversationIds]),
  )
  return found !== null
}

/** Decided here, before the feed says so. Whatever is newer than what was decided about still counts. */
export function decideHere(
  { store }: Cache,
  id: string,
  outcome: Exclude<OfferRow['outcome'], 'open'>,
): Applied {
  const changed = store.write(() =>
    store.run(`UPDATE offers SET outcome = ? WHERE id = ? AND outcome = 'open'`, outcome, id),
  )
  if (changed === 0) return newApplied()
  const applied = newApplied({ topics: ['offer'] })
  applied.news.tell(offerOver, id)
  return applied
}
