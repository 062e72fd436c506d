import { MISSED_OFFERS_LIMIT, may } from '@parley/domain'

import { type SessionActor } from '../../platform/actor.ts'
import { type Transaction } from '../../platform/database.ts'
import { Failure } from '../../platform/failure.ts'
import { type Services } from '../../platform/services.ts'
import { sql, toJson } from '../../platform/sql.ts'
import { applyTransition, carryOut, type RoutedAssignment } from '../conversations/index.ts'
import { type StoredTeamSettings } from '../team-settings/index.ts'
import { lockPresence } from './candidates.queries.ts'

/** Asks the chosen people. Each open offer holds a slot of theirs until it is decided. */
export async function insertOffers(
  tx: Transaction,
  offers: readonly RoutedAssignment[],
  { teamId, offerSeconds }: Pick<StoredTeamSettings, 'teamId' | 'offerSeconds'>,
): Promise<void> {
  const given = offers.map(({ conversationId, userId, explanation }) => ({
    conversation_id: conversationId,
    user_id: userId,
    explanation,
  }))
  await tx.run(sql`
    INSERT INTO offers (id, conversation_id, user_id, team_id, explanation, expires_at)
    SELECT new_id(), conversation_id, user_id, ${teamId}, explanation, NOW() + make_interval(secs => ${offerSeconds})
    FROM jsonb_to_recordset(${toJson(given)}::jsonb)
      AS t(conversation_id UUID, user_id UUID, explanation JSONB)`)
}

interface OfferRecord {
  conversation_id: string
  outcome: string
  decided_at: Date | null
  explanation: object
}

interface OfferIntent {
  actor: SessionActor
  intentId: string
  offerId: string
}

/**
 * The person takes what they were offered.
 * @returns the conversation's id
 * @throws Failure `not_found`, `conflict` where it was decided meanwhile
 */
export async function acceptOffer(services: Services, intent: OfferIntent): Promise<string> {
  const { actor, offerId } = intent
  const { conversation_id: conversationId } = await findOwn(services, intent)
  await carryOut(
    services,
    {
      actor,
      intentId: intent.intentId,
      conversationId,
      procedure: 'offers.accept',
      permission: 'conversation.claim',
    },
    async (tx, conversation) => {
      await lockPresence(tx, [actor.userId])
      const offer = await decide(tx, offerId, 'accepted')
      if (offer === null) {
        const details = await decidedAs(tx, actor, offerId)
        // Their answer was lost and they asked again.
        if (details.outcome === 'accepted') return
        throw new Failure('conflict', details)
      }
      await applyTransition(services, tx, conversation, 'agent_chosen', {
        actorId: actor.userId,
        set: { assigned_to: actor.userId, assigned_at: conversation.now, queued_at: null },
        assignment: { method: 'offer', explanation: offer.explanation },
      })
      await tx.run(sql`
        UPDATE agent_presence SET missed_offers = 0 WHERE user_id = ${actor.userId}`)
      tx.afterCommit(() => services.metrics.assignments.inc({ method: 'offer' }))
    },
  )
  return conversationId
}

/** The person declines: the next one is asked. Refusing again changes nothing. */
export async function refuseOffer(services: Services, intent: OfferIntent): Promise<void> {
  await findOwn(services, intent)
  await services.db.transaction(async (tx) => {
    await lockPresence(tx, [intent.actor.userId])
    const offer = await decide(tx, intent.offerId, 'refused')
    if (offer === null) {
      const details = await decidedAs(tx, intent.actor, intent.offerId)
      if (details.outcome === 'refused') return
      throw new Failure('conflict', details)
    }
    await tx.run(sql`
      UPDATE agent_presence SET missed_offers = 0 WHERE user_id = ${intent.actor.userId}`)
    tx.afterCommit(() => {
      services.metrics.offers.inc({ outcome: 'refused' })
      services.signals.send('feed')
      services.signals.send('routing')
    })
  }, intent.intentId)
}

/** Offers whose time is over go on to the next. Who lets too many pass is not there. */
export async function expireOffers(services: Services): Promise<number> {
  const asked = await services.db.many<{ user_id: string }>(sql`
    SELECT DISTINCT user_id FROM offers WHERE outcome = 'open' AND expires_at <= NOW()`)
  if (asked.length === 0) return 0
  const people = asked.map(({ user_id }) => user_id)
  return services.db.transaction(async (tx) => {
    await lockPresence(tx, people)
    const expired = await tx.many<{ user_id: string }>(sql`
      UPDATE offers SET outcome = 'expired', decided_at = NOW()
      WHERE id IN (SELECT id FROM offers
                   WHERE outcome = 'open' AND expires_at <= NOW() AND user_id = ANY(${people}::uuid[])
                   FOR UPDATE SKIP LOCKED)
      RETURNING user_id`)
    if (expired.length === 0) return 0
    const userIds = expired.map(({ user_id }) => user_id).toSorted()
    for (const userId of userIds) await noteMissed(tx, userId)
    tx.afterCommit(() => {
      services.metrics.offers.inc({ outcome: 'expired' }, expired.length)
      services.signals.send('feed')
    })
    return expired.length
  })
}

async function noteMissed(tx: Transaction, userId: string): Promise<void> {
  await tx.run(sql`
    UPDATE agent_presence SET missed_offers = missed_offers + 1 WHERE user_id = ${userId}`)
  await tx.run(sql`
    UPDATE agent_presence
    SET status = 'away', reason = 'missed_offers', chosen_status = 'away',
        chosen_reason = 'missed_offers', since = NOW(), missed_offers = 0, set_by = NULL
    WHERE user_id = ${userId} AND status = 'online' AND missed_offers >= ${MISSED_OFFERS_LIMIT}`)
}

async function findOwn(
  { db }: Services,
  { actor, offerId }: OfferIntent,
): Promise<{ conversation_id: string }> {
  const offer = await db.maybe<{ conversation_id: string }>(sql`
    SELECT conversation_id FROM offers WHERE id = ${offerId} AND user_id = ${actor.userId}`)
  if (offer === null) throw new Failure('not_found')
  return offer
}

/** Null where it is not open any more. */
function decide(
  tx: Transaction,
  offerId: string,
  outcome: 'accepted' | 'refused',
): Promise<OfferRecord | null> {
  return tx.maybe(sql`
    UPDATE offers SET outcome = ${outcome}, decided_at = NOW()
    WHERE id = ${offerId} AND outcome = 'open'
    RETURNING conversation_id, outcome, decided_at, explanation`)
}

/** How it was decided; and who has the conversation now, as far as this person may see it. */
async function decidedAs(tx: Transaction, actor: SessionActor, offerId: string) {
  const offer = await tx.one<{
    outcome: string
    decided_at: Date | null
    status: string
    assigned_to: string | null
    team_id: string | null
  }>(sql`
    SELECT o.outcome, o.decided_at, c.status, c.assigned_to, c.team_id
    FROM offers o JOIN conversations c ON c.id = o.conversation_id WHERE o.id = ${offerId}`)
  const { outcome, decided_at, status, assigned_to: assignedTo, team_id: teamId } = offer
  const isSeen = may(actor, 'conversation.see', { teamId, assignedTo })
  return {
    action: `offer.${outcome}`,
    outcome,
    at: decided_at?.toISOString() ?? null,
    by: isSeen ? assignedTo : null,
    ...(isSeen && { status, assignedTo }),
  }
}
