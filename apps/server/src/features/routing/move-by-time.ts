import { nextOpening, type BusinessCalendar } from '@parley/domain'

import { type Queryable, type Transaction } from '../../platform/database.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { openTeams, teamCalendars } from '../business-hours/index.ts'
import { lockConversation, changeConversation, moveToTeam } from '../conversations/index.ts'
import { personOf } from '../customers/index.ts'
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
  const calendars = await teamCalendars(services.db)
  const isOpen = await openTeams(services.db)
  for (const team of closing) {
    if (isOpen(team.teamId)) continue
    if (team.outOfHours === 'auto_reply') {
      const untold = await notToldYet(services.db, team.teamId)
      for (const id of untold) await tellClosed(services, id, team, calendars)
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

/**
 * Says that the team is closed, in the customer's language: once for a customer and a closing time, however often their
 * conversations come into a queue. Never to somebody who floods us; when that is over, if it still holds.
 */
async function tellClosed(
  services: Services,
  conversationId: string,
  { teamId, outOfHoursText }: StoredTeamSettings,
  calendars: ReadonlyMap<string, BusinessCalendar>,
): Promise<void> {
  await services.db.transaction(async (tx) => {
    const conversation = await lockConversation(tx, conversationId)
    if (conversation?.status !== 'queued' || conversation.team_id !== teamId) return
    if (await isFlooding(tx, conversation.customer_id)) return
    const { now, last_inbound_at: wroteAt } = conversation
    // Not before their newest words, which may be ahead by their device's clock: these are answered herewith.
    const answeredAt = wroteAt !== null && wroteAt > now ? wroteAt : now
    await changeConversation(services, tx, conversation, { told_closed_at: answeredAt })
    const text =
      (conversation.language === 'en' ? outOfHoursText.en : outOfHoursText.es) ??
      outOfHoursText.es ??
      outOfHoursText.en
    if (text === undefined) return
    if (
      !(await noteClosedNotice(tx, await personOf(tx, conversation.customer_id), teamId, calendars))
    )
      return
    await sendSystemMessage(services, tx, conversation, { text, reason: 'out_of_hours' })
  })
}

/**
 * A notice stands, for the person and not for one row of theirs, until the team that gave it opens again, whoever has the conversation then. Its row is locked: two
 * conversations of one customer at the same moment follow each other.
 * @returns false where one stands
 */
async function noteClosedNotice(
  tx: Transaction,
  personId: string,
  teamId: string,
  calendars: ReadonlyMap<string, BusinessCalendar>,
): Promise<boolean> {
  const inserted = await tx.run(sql`
    INSERT INTO closed_notices (customer_id, team_id, told_at) VALUES (${personId}, ${teamId}, NOW())
    ON CONFLICT (customer_id) DO NOTHING`)
  if (inserted === 1) return true
  const before = await tx.one<{ team_id: string; told_at: Date; now: Date }>(sql`
    SELECT team_id, told_at, NOW() AS now FROM closed_notices WHERE customer_id = ${personId} FOR UPDATE`)
  const calendar = calendars.get(before.team_id)
  const opened = calendar === undefined ? null : nextOpening(calendar, before.told_at.getTime())
  if (calendar !== undefined && (opened === null || opened > before.now.getTime())) return false
  await tx.run(sql`
    UPDATE closed_notices SET team_id = ${teamId}, told_at = NOW() WHERE customer_id = ${personId}`)
  return true
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

/** Since they last wrote. Who floods us is passed over until that is over. */
function notToldYet(db: Queryable, teamId: string): Promise<string[]> {
  return ids(
    db.many(sql`
      SELECT id FROM conversations c
      WHERE team_id = ${teamId} AND status = 'queued'
        AND (told_closed_at IS NULL OR told_closed_at < last_inbound_at)
        AND NOT EXISTS (SELECT 1 FROM rate_limit_buckets b
                        WHERE b.customer_id = c.customer_id AND b.is_blocked AND b.window_end > NOW())
      ORDER BY queued_at LIMIT ${LIMIT}`),
  )
}

async function ids(rows: Promise<{ id: string }[]>): Promise<string[]> {
  return (await rows).map(({ id }) => id)
}
