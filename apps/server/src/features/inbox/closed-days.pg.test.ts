import { type Actor } from '@parley/domain'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { KINDS, OPERATORS } from '../../features.ts'
import { createBareServices, type BareServices } from '../../testing/bare-services.ts'
import { FeedHub } from '../sync/index.ts'
import { readListPage } from './list-page.ts'

let bare: BareServices
let feed: FeedHub

beforeAll(async () => {
  bare = await createBareServices()
  feed = await FeedHub.start(bare, KINDS)
})
afterAll(async () => {
  await feed.stop()
  await bare.database.drop()
})

test('closed ones are listed for thirty days, as on workstations, whoever reads', async () => {
  const team = await bare.addTeam()
  const closed = async (days: number) =>
    (
      await bare.addConversation({
        team_id: team,
        status: 'closed',
        closed_at: new Date(Date.now() - days * 24 * 60 * 60_000),
      })
    ).id
  const [recent] = [await closed(29), await closed(31)]
  for (const role of ['agent', 'supervisor'] as const) {
    const teamIds = role === 'agent' ? [team] : []
    const userId = await bare.addPerson(role, 'online', teamIds)
    const actor: Actor = { userId, role, teamIds }
    const asked = { view: { kind: 'closed' }, filter: '', order: 'queue', limit: 50 } as const
    const services = { ...bare, operators: OPERATORS }
    const { total, sections } = await readListPage(services, feed, actor, { ...asked, after: null })
    expect([total, sections[0]?.ids]).toEqual([1, [recent]])
  }
})
