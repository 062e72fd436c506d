import { type TriageInput, type TriagePlan } from '@parley/domain'
import { z } from 'zod'

import { together, type Transaction } from '../../platform/database.ts'
import { sql, toJson } from '../../platform/sql.ts'
import { type ConversationRecord } from '../conversations/index.ts'
import { type Setup, type SetupReader } from './setup.ts'
import { readTeamHours, teamsAskedFor } from './team-hours.ts'

/** The beginning says what it is about; a flood of messages is not read. */
const MAXIMUM_MESSAGES = 10

/** All that triage decides by, as it stands while the conversation is locked. */
export interface Situation {
  setup: Setup
  input: TriageInput
  messages: { id: string; text: string }[]
}

interface Facts {
  conversation_id: string
  name: string | null
  metadata: unknown
  is_returning: boolean
  messages: { id: string; text: string }[]
}

const metadataFields = z.record(z.string(), z.unknown()).catch({})

/** @returns in order */
export async function readSituations(
  tx: Transaction,
  reader: SetupReader,
  conversations: readonly ConversationRecord[],
): Promise<Situation[]> {
  const [setup, facts] = await together(reader.read(tx), readFacts(tx, conversations))
  const hours = await readTeamHours(tx, teamsAskedFor(setup.rules.list))
  const byId = new Map(facts.map((one) => [one.conversation_id, one]))
  return conversations.map((conversation) => {
    const known = byId.get(conversation.id)
    if (known === undefined) throw new Error(`the customer of ${conversation.id} was not read`)
    const { name, metadata, is_returning: isReturning, messages } = known
    return {
      setup,
      messages,
      input: {
        text: messages.map(({ text }) => text).join('\n'),
        channel: conversation.channel,
        customer: { name, metadata: metadataFields.parse(metadata), isReturning },
        teamsOpen: hours.openAt(conversation.now.getTime()),
      },
    }
  })
}

function readFacts(
  tx: Transaction,
  conversations: readonly ConversationRecord[],
): Promise<Facts[]> {
  const asked = conversations.map(({ id, customer_id, created_at }) => ({
    id,
    customer_id,
    created_at,
  }))
  // Each step looks up one row by an index, whatever the planner thinks of the tables' sizes.
  return tx.many(sql`
    SELECT asked.id AS conversation_id, u.name, u.metadata, u.is_returning, said.messages
    FROM jsonb_to_recordset(${toJson(asked)}::jsonb) AS asked(id UUID, customer_id UUID, created_at TIMESTAMPTZ)
    CROSS JOIN LATERAL (
      SELECT name, metadata,
             EXISTS (
               SELECT FROM conversations
               WHERE customer_id = asked.customer_id AND created_at < asked.created_at
                 AND first_message_at IS NOT NULL) AS is_returning
      FROM customers WHERE id = asked.customer_id LIMIT 1) u
    CROSS JOIN LATERAL (
      SELECT COALESCE(
        jsonb_agg(jsonb_build_object('id', m.id, 'text', COALESCE(m.content_text, '')) ORDER BY m.sent_at, m.seq),
        '[]') AS messages
      FROM (
        SELECT id, content_text, sent_at, seq FROM messages
        WHERE conversation_id = asked.id AND direction = 'inbound'
        ORDER BY sent_at, seq LIMIT ${MAXIMUM_MESSAGES}) m) said`)
}

/** @param hasModel whether there is one to ask */
export function planOf(setup: Setup, hasModel: boolean): TriagePlan {
  return {
    steps: setup.settings.steps,
    rules: setup.rules,
    hasModel,
    teams: setup.teams,
    fallbackTeamId: setup.fallbackTeamId,
  }
}
