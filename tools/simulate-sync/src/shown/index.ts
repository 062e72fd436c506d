import { type EngineMethod, type InboxView, type OutboxView } from '@parley/contracts'

import { MOST_HITS, SEARCHED } from '../deeds.ts'
import { heldCoverage, heldRows } from '../held-rows.ts'
import { type Workstation } from '../workstation.ts'
import { type World } from '../world.ts'
import { compareList } from './lists.ts'
import { compareCounts } from './numbers.ts'
import { comparePeople } from './people.ts'
import { compareSearch } from './searches.ts'
import { keyOf, listInput, type Answers, type Sight } from './sight.ts'
import { conversationsTagged, truthFor, type Truth } from './truth.ts'
import { compareWallboard } from './wallboard.ts'

/**
 * What each person is shown, compared with what the server's database says that they have to be shown: nothing that is
 * missing, nothing that they may not see. Everything is asked twice: what is here comes at once, and a second later what
 * the server has added to it.
 */

/** As long as a cache remembers what the server has said beside it, and a little more. */
export const FORGOTTEN_MS = 31_000

/** What was so of each person's conversations some seconds ago. */
export type Earlier = ReadonlyMap<Workstation, Truth>

/** So long nothing is on its way. */
export const LASTING_MS = 5_000

export async function truthNow(world: World): Promise<Earlier> {
  const truths = new Map<Workstation, Truth>()
  for (const one of world.workstations) truths.set(one, await truthFor(world, one))
  return truths
}

export async function compareShown(
  world: World,
  workstations: readonly Workstation[],
  earlier: Earlier,
): Promise<string[]> {
  const faults: string[] = []
  const looks = await looksOf(world)
  for (const isWhole of [false, true]) {
    for (const workstation of workstations) {
      const answers = new Map<string, unknown>()
      for (const { method, input } of looks) {
        answers.set(keyOf(method, input), await world.ask(workstation, method, input))
      }
      faults.push(...(await compareSight(world, workstation, answers, isWhole, earlier)))
    }
    if (!isWhole) await world.advance(1_000, 250)
  }
  return [...new Set(faults)]
}

const VIEWS: readonly InboxView[] = [{ kind: 'mine' }, { kind: 'open' }, { kind: 'closed' }]
const VIPS = 'tag:vip'

async function looksOf({ teams }: World): Promise<{ method: EngineMethod; input: unknown }[]> {
  const views = [...VIEWS, ...teams.map((teamId) => ({ kind: 'team', teamId }) as const)]
  return [
    ...SEARCHED.map((text) => ({
      method: 'search.query' as const,
      input: { text, limit: MOST_HITS },
    })),
    ...views.map((view) => ({ method: 'inbox.list' as const, input: listInput(view) })),
    { method: 'inbox.list', input: listInput({ kind: 'open' }, { order: 'due' }) },
    { method: 'inbox.list', input: listInput({ kind: 'open' }, { filter: VIPS }) },
    { method: 'inbox.counts', input: undefined },
    { method: 'wallboard.get', input: undefined },
    { method: 'directory.get', input: undefined },
  ]
}

async function compareSight(
  world: World,
  workstation: Workstation,
  answers: Answers,
  isWhole: boolean,
  earlier: Earlier,
): Promise<string[]> {
  const truth = await truthFor(world, workstation)
  const known = earlier.get(workstation)
  const before = new Set(known?.conversations.map((one) => JSON.stringify(one)))
  const lasting = truth.conversations.filter((one) => before.has(JSON.stringify(one)))
  const outbox = (await world.ask<OutboxView[]>(workstation, 'outbox.list')) ?? []
  const drafts =
    workstation.read<{ id: string; text: string }>(
      'SELECT conversation_id AS id, text FROM drafts',
    ) ?? []
  const sight: Sight = {
    world,
    workstation,
    truth,
    held: new Set(heldRows(workstation, 'conversation')?.keys()),
    coverage: heldCoverage(workstation),
    refused: idsOf(outbox.filter(({ state }) => state === 'refused')),
    blurred: idsOf(outbox.filter(({ state }) => state !== 'refused')),
    drafts: new Map(drafts.map(({ id, text }) => [id, text])),
    isWhole,
    lasting: new Set(isWhole ? [] : lasting.map(({ id }) => id)),
    seenBefore: known === undefined ? null : new Set(known.conversations.map(({ id }) => id)),
    answers,
    faults: [],
  }
  for (const text of SEARCHED) await compareSearch(sight, text)
  for (const view of VIEWS) compareList(sight, view)
  for (const teamId of world.teams) compareList(sight, { kind: 'team', teamId })
  compareList(sight, { kind: 'open' }, { order: 'due' })
  const tagged = await conversationsTagged(world, workstation, 'vip')
  const vips = new Set(tagged.map((hit) => hit.conversation_id))
  compareList(sight, { kind: 'open' }, { filter: VIPS }, (one) => vips.has(one.id))
  compareCounts(sight)
  await compareWallboard(sight)
  await comparePeople(sight)
  return sight.faults
}

const idsOf = (outbox: readonly OutboxView[]): Set<string> =>
  new Set(outbox.map(({ conversationId }) => conversationId))
