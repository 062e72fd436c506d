import {
  type ConversationRow,
  type FeedItem,
  type MessageRow,
  type PutItem,
} from '@parley/contracts'
import { v7 as newId } from 'uuid'

import { AgentFailure, signInAgent } from './agent-session.ts'
import { createRandom } from './random.ts'
import { suggestAnswer } from './suggest-answer.ts'

export interface AgentOptions {
  serverUrl: string
  email: string
  password: string
  seed: string
  /** From the moment a customer's message needs this agent until the answer. Milliseconds. */
  thinkMs: readonly [number, number]
  onProblem: (problem: string) => void
}

export interface SimulatedAgent {
  fullName: string
  readonly answered: number
  readonly closed: number
  /** Signs out. */
  stop(): Promise<void>
}

/** Somebody else may be faster, and WhatsApp's 24 hours may be over: normal in a team. */
const NORMAL_REFUSALS = new Set([
  'conflict',
  'reply_outdated',
  'refused_transition',
  'forbidden',
  'not_found',
])
const FAREWELL_TO_CLOSE_MS = 1500

/**
 * An agent who answers what is assigned to them, and closes what the customer has thanked for.
 * @throws AgentFailure where the sign-in is refused
 */
export async function startAgent(options: AgentOptions): Promise<SimulatedAgent> {
  const session = await signInAgent(options)
  const random = createRandom(`agent:${options.email}:${options.seed}`)
  const desk = createDesk(session.userId)
  const timers = new Map<string, NodeJS.Timeout>()
  const work = new Set<Promise<void>>()
  let answered = 0
  let closed = 0
  let stopped = false

  function plan(): void {
    for (const conversation of desk.awaitingAnswer()) {
      if (stopped || timers.has(conversation.id)) continue
      const timer = setTimeout(
        () => {
          const done = attend(conversation.id)
            .catch((error: unknown) => options.onProblem(`${session.fullName}: ${describe(error)}`))
            .finally(() => {
              work.delete(done)
              timers.delete(conversation.id)
              // Something may have come meanwhile that waits as well.
              plan()
            })
          work.add(done)
        },
        random.between(...options.thinkMs),
      )
      timers.set(conversation.id, timer)
    }
  }

  async function attend(conversationId: string): Promise<void> {
    const conversation = desk.awaitingAnswer().find(({ id }) => id === conversationId)
    if (conversation === undefined) return
    const { newest, newestInbound } = desk.messagesOf(conversationId)
    const answer = suggestAnswer(newestInbound?.text ?? null, random)
    try {
      await session.mutate('messages.send', {
        id: newId(),
        conversationId,
        text: answer.text,
        lastSeenSeq: newest?.seq ?? null,
        despiteNewerReply: false,
      })
      answered += 1
      desk.forget(conversationId)
      if (!answer.closes) return
      await pause(FAREWELL_TO_CLOSE_MS)
      await close(conversationId, 'resolved')
    } catch (error) {
      desk.forget(conversationId)
      await acceptRefusal(error, conversationId)
    }
  }

  async function acceptRefusal(error: unknown, conversationId: string): Promise<void> {
    if (!(error instanceof AgentFailure)) throw error
    // Nothing but a template could reach this customer: what is left is to end it.
    if (error.error.code === 'window_closed') return close(conversationId, 'no_response')
    if (!NORMAL_REFUSALS.has(error.error.code)) throw error
  }

  async function close(conversationId: string, reason: string): Promise<void> {
    await session.mutate('conversations.close', { intentId: newId(), conversationId, reason })
    closed += 1
  }

  await session.follow((items) => {
    desk.take(items)
    plan()
  })
  return {
    fullName: session.fullName,
    get answered() {
      return answered
    },
    get closed() {
      return closed
    },
    async stop() {
      stopped = true
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.allSettled(work)
      await session.end()
    },
  }
}

/** What an agent has before them: conversations and the newest messages in them. */
function createDesk(userId: string) {
  const conversations = new Map<string, ConversationRow>()
  const newest = new Map<string, MessageRow>()
  const newestInbound = new Map<string, MessageRow>()
  /** Answered and not yet seen to be: the feed is a moment behind. */
  const handled = new Map<string, number>()

  function put(item: PutItem): void {
    if (item.kind === 'conversation') {
      const known = conversations.get(item.row.id)
      if (known === undefined || known.version < item.row.version)
        conversations.set(item.row.id, item.row)
    }
    if (item.kind !== 'message') return
    keepNewest(newest, item.row)
    if (item.row.direction === 'inbound') keepNewest(newestInbound, item.row)
  }

  return {
    take(items: readonly (FeedItem | PutItem)[]): void {
      for (const item of items) {
        if (item.op === 'put') put(item)
        else if (item.op === 'remove' && item.kind === 'conversation') conversations.delete(item.id)
      }
    },
    /** Assigned to this person and waiting for their answer. */
    awaitingAnswer: (): ConversationRow[] =>
      [...conversations.values()].filter(
        ({ id, version, assignedTo, status }) =>
          assignedTo === userId &&
          (status === 'assigned' || status === 'pending_agent') &&
          version > (handled.get(id) ?? 0),
      ),
    messagesOf: (id: string) => ({ newest: newest.get(id), newestInbound: newestInbound.get(id) }),
    /** Done with it as it was; a newer version of it counts again. */
    forget(id: string): void {
      handled.set(id, conversations.get(id)?.version ?? 0)
    },
  }
}

function keepNewest(messages: Map<string, MessageRow>, row: MessageRow): void {
  const known = messages.get(row.conversationId)
  if (known === undefined || known.seq <= row.seq) messages.set(row.conversationId, row)
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
