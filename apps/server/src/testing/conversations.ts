import { messageBody, newWamid, toSignedBody } from '@parley/simulator'

import { APP_SECRET, BUSINESS, eventually, type TestServer } from './test-server.ts'

/** Conversations for tests, made the way customers make them. */

let phones = 0

export interface TestCustomer {
  phone: string
  name: string
}

export function newCustomer(name = 'Lucía Barrientos'): TestCustomer {
  return { phone: `52155${String(Date.now()).slice(-6)}${String(phones++).padStart(4, '0')}`, name }
}

/** The customer writes; resolves when the server has answered 200. */
export async function write(
  server: TestServer,
  customer: TestCustomer,
  text: string,
  sentAt = new Date(),
): Promise<string> {
  const id = newWamid()
  const { body, signature } = toSignedBody(
    messageBody(BUSINESS, [{ id, from: customer, sentAt, text }]),
    APP_SECRET,
  )
  const response = await fetch(`${server.url}/webhooks/whatsapp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
    body,
  })
  if (response.status !== 200) throw new Error(`webhook answered ${response.status}`)
  return id
}

export interface ConversationState {
  closed_at: Date | null
  queued_at: Date | null
  id: string
  status: string
  team_id: string | null
  assigned_to: string | null
  first_response_at: Date | null
  waiting_since: Date | null
}

/** The conversation a message of the customer's is in, once it has left triage. */
export async function conversationOf(
  server: TestServer,
  channelMessageId: string,
): Promise<ConversationState> {
  return eventually(async () => {
    const { rows } = await server.database.pool.query<ConversationState>(
      `SELECT c.* FROM conversations c JOIN messages m ON m.conversation_id = c.id
       WHERE m.channel_message_id = $1 AND c.status NOT IN ('new', 'triage')`,
      [channelMessageId],
    )
    const [row] = rows
    if (row === undefined) throw new Error('not triaged yet')
    return row
  })
}

export async function stateOf(server: TestServer, id: string): Promise<ConversationState> {
  const { rows } = await server.database.pool.query<ConversationState>(
    'SELECT * FROM conversations WHERE id = $1',
    [id],
  )
  const [row] = rows
  if (row === undefined) throw new Error(`no conversation ${id}`)
  return row
}

/** The expected failure's code, or what went wrong instead. */
export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
    return 'no failure'
  } catch (error) {
    const data = (error as { data?: { app?: { code?: string } } }).data
    return data?.app?.code ?? String(error)
  }
}
