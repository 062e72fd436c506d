import { type Queryable } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { openTeams } from '../business-hours/index.ts'
import { lockConversation, changeConversation, moveToTeam } from '../conversations/index.ts'
import { isFlooding } from '../flooding/index.ts'
import { sendSystemMessage } from '../messaging/index.ts'
import { teamSettings, type StoredTeamSettings } from '../team-settings/index.ts'

/** In one turn; the next one goes on. */
const LIMIT = 200

/** What a queue's conversations do because time has passed: overflow, or what their closed team does with them. */
export async function moveByTime(services: Services): Promise<void> {
  const settings = await teamSettings(services.db)
  for (const team of settings) {
    if (team.overflowTeamId !== null && team.overflowAfterSeconds !== null) {
      for (const id of await overflowing(services.db, team)) {
        await move(services, id, team.teamId, team.overflowTeamId, 'overflow')
      }
    }
  }
  const closing = settings.filter(({ outOfHours }) => outOfHours !== 'queue')
  if (closing.length === 0) return
  const isOpen = await openTeams(services.db)
  for (const team of closing) {
    if (isOpen(team.teamId)) continue
    if (team.outOfHours === 'auto_reply') {
      for (const id of await untold(services.db, team.teamId)) await tellClosed(services, id, team)
    } else if (team.outOfHoursTeamId !== null && isOpen(team.outOfHoursTeamId)) {
      for (const id of await movable(services.db, team.teamId)) {
        await move(services, id, team.teamId, team.outOfHoursTeamId, 'out_of_hours')
      }
    }
  }
}

async function move(
  services: Services,
  conversationId: string,
  from: string,
  to: string,
  reason: 'overflow' | 'out_of_hours',
): Promise<void> {
  await services.db.transaction(async (tx) => {
    const conversation = await lockConversation(tx, conversationId)
    // A person may have taken or moved it since; what they did stands.
    if (conversation?.status !== 'queued' || conversation.team_id !== from) return
    if (conversation.moved_by_time_at !== null) return
    await moveToTeam(services, tx, conversation, {
      actorId: null,
      teamId: to,
      metadata: { reason, from_team: from },
      // Who has waited keeps their place.
      set: { moved_by_time_at: conversation.now, queued_at: conversation.queued_at },
    })
    tx.afterCommit(() => {
      services.signals.send('feed')
      services.signals.send('routing')
    })
  })
}

/** Says once that the team is closed, in the customer's language; never to somebody who floods us. */
async function tellClosed(
  services: Services,
  conversationId: string,
  { teamId, outOfHoursText }: StoredTeamSettings,
): Promise<void> {
  await services.db.transaction(async (tx) => {
    const conversation = await lockConversation(tx, conversationId)
    if (conversation?.status !== 'queued' || conversation.team_id !== teamId) return
    if (conversation.told_closed_at !== null) return
    await changeConversation(services, tx, conversation, { told_closed_at: conversation.now })
    const text =
      (conversation.language === 'en' ? outOfHoursText.en : outOfHoursText.es) ??
      outOfHoursText.es ??
      outOfHoursText.en
    if (text === undefined || (await isFlooding(tx, conversation.customer_id))) return
    await sendSystemMessage(services, tx, conversation, { text, reason: 'out_of_hours' })
  })
}

function overflowing(db: Queryable, team: StoredTeamSettings): Promise<string[]> {
  return ids(
    db.many(sql`
      SELECT id FROM conversations
      WHERE team_id = ${team.teamId} AND status = 'queued' AND moved_by_time_at IS NULL
        AND queued_at <= NOW() - make_interval(secs => ${team.overflowAfterSeconds})
      ORDER BY queued_at LIMIT ${LIMIT}`),
  )
}

function movable(db: Queryable, teamId: string): Promise<string[]> {
  return ids(
    db.many(sql`
      SELECT id FROM conversations
      WHERE team_id = ${teamId} AND status = 'queued' AND moved_by_time_at IS NULL
      ORDER BY queued_at LIMIT ${LIMIT}`),
  )
}

function untold(db: Queryable, teamId: string): Promise<string[]> {
  return ids(
    db.many(sql`
      SELECT id FROM conversations
      WHERE team_id = ${teamId} AND status = 'queued' AND told_closed_at IS NULL
      ORDER BY queued_at LIMIT ${LIMIT}`),
  )
}

async function ids(rows: Promise<{ id: string }[]>): Promise<string[]> {
  return (await rows).map(({ id }) => id)
}
