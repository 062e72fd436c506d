import { type TriageInput, type TriagePlan } from '@parley/domain'
import { z } from 'zod'

import { together, type Transaction } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'
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
  name: string | null
  metadata: unknown
  is_returning: boolean
  messages: { id: string; text: string }[]
}

const metadataFields = z.record(z.string(), z.unknown()).catch({})

export async function readSituation(
  tx: Transaction,
  reader: SetupReader,
  conversation: ConversationRecord,
): Promise<Situation> {
  const [setup, facts] = await together(reader.read(tx), readFacts(tx, conversation))
  const hours = await readTeamHours(tx, teamsAskedFor(setup.rules.list))
  return {
    setup,
    messages: facts.messages,
    input: {
      text: facts.messages.map(({ text }) => text).join('\n'),
      channel: conversation.channel,
      customer: {
        name: facts.name,
        metadata: metadataFields.parse(facts.metadata),
        isReturning: facts.is_returning,
      },
      teamsOpen: hours.openAt(conversation.now.getTime()),
    },
  }
}

function readFacts(tx: Transaction, conversation: ConversationRecord): Promise<Facts> {
  return tx.one(sql`
    SELECT u.name, u.metadata,
           EXISTS (
             SELECT FROM conversations
             WHERE customer_id = u.id AND created_at < ${conversation.created_at}
               AND first_message_at IS NOT NULL) AS is_returning,
           COALESCE((
             SELECT jsonb_agg(jsonb_build_object('id', m.id, 'text', COALESCE(m.content_text, '')) ORDER BY m.sent_at, m.seq)
             FROM (
               SELECT id, content_text, sent_at, seq FROM messages
               WHERE conversation_id = ${conversation.id} AND direction = 'inbound'
               ORDER BY sent_at, seq LIMIT ${MAXIMUM_MESSAGES}) m), '[]') AS messages
    FROM customers u WHERE u.id = ${conversation.customer_id}`)
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
