import { type PresenceRow } from '@parley/contracts'
import { reachOf, type Actor } from '@parley/domain'

import { type EngineCore } from '../../feature.ts'
import { Refusal } from '../../session/server-client.ts'
import { newApplied } from '../../store/applied.ts'
import { type Cache } from '../../store/cache.ts'
import { readPeople } from './people-and-teams.ts'

/** For so long what the server said of them stands: nobody tells when it changes. */
const SAID_MS = 60_000
/** Whoever looks on asks again after this. */
const ASKED_AGAIN_MS = 20_000

interface Said {
  presence: PresenceRow | null
  /** By the monotonic clock. */
  atMs: number
}

/** Never in the cache itself: it would be old there, and look as if it were not. */
const said = new WeakMap<Cache, Map<string, Said>>()

/** Whether somebody of another team is there, as the server said a short while ago; undefined: it has not. */
export function presenceElsewhere(cache: Cache, userId: string): PresenceRow | null | undefined {
  const known = said.get(cache)?.get(userId)
  if (known === undefined || performance.now() - known.atMs > SAID_MS) return undefined
  return known.presence
}

/** Asks the server for those of whom nothing comes by itself. Without it they stay as they are. */
export async function lookAt(engine: EngineCore, userIds: readonly string[]): Promise<null> {
  const { cache, isOnline } = engine
  const asked = isOnline ? toAsk(cache, userIds) : []
  if (asked.length === 0) return null
  try {
    const answer = await engine.ask((trpc) => trpc.accounts.presence.query({ userIds: asked }))
    const of = new Map(answer.map((row) => [row.id, row]))
    const known = said.get(cache) ?? new Map<string, Said>()
    said.set(cache, known)
    const atMs = performance.now()
    for (const id of asked) known.set(id, { presence: of.get(id) ?? null, atMs })
    engine.changed(newApplied({ topics: ['person'], isOwnDoing: true }))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
  return null
}

function toAsk(cache: Cache, userIds: readonly string[]): string[] {
  const { actor } = cache
  if (reachOf(actor.role, 'queue.watch') === 'all') return []
  const wanted = new Set(userIds)
  return readPeople(cache)
    .filter(
      ({ id, teamIds }) => wanted.has(id) && id !== actor.userId && !isColleague(actor, teamIds),
    )
    .map(({ id }) => id)
    .filter(
      (id) => performance.now() - (said.get(cache)?.get(id)?.atMs ?? -Infinity) > ASKED_AGAIN_MS,
    )
}

const isColleague = (actor: Actor, teamIds: readonly string[]): boolean =>
  teamIds.some((id) => actor.teamIds.includes(id))
