import { type SearchHit, type SearchResult } from '@parley/contracts'

import { MOST_HITS } from '../deeds.ts'
import { heldRows } from '../held-rows.ts'
import { compareKeys } from './order.ts'
import { answerTo, BLURRED_MS, complain, complainOf, type Sight } from './sight.ts'
import {
  conversationsOfCustomers,
  conversationsTagged,
  messagesWith,
  type TrueHit,
} from './truth.ts'

/** Customers that a search names at most, and hits that it gives. */
const NAMED_MOST = 10

/** Each with what of its words is looked for; the rest of `SEARCHED` are operators. */
const NAME = 'Customer 1'

export async function compareSearch(sight: Sight, text: string): Promise<void> {
  const { world, truth, workstation, held, isWhole, blurred } = sight
  const result = answerTo<SearchResult>(sight, 'search.query', { text, limit: MOST_HITS })
  if (result === null) return
  const { must, may } = await hitsOf(sight, text)
  const where = `a search for ${text}`
  const shown = new Set(result.hits.map(nameOf))
  const known = new Set(may.map(trueName))
  const visible = new Set(truth.conversations.map(({ id }) => id))
  for (const hit of result.hits) {
    if (!visible.has(hit.conversationId)) {
      complain(sight, `${where} shows ${world.describe(hit.conversationId)}, which it may not see`)
      // As with what is shown wrong: the server's answer takes it away, and it was shown all the same.
      if (sight.seenBefore?.has(hit.conversationId) === false)
        world.findings.push(String(sight.faults.at(-1)))
    } else if (!known.has(nameOf(hit)) && !blurred.has(hit.conversationId)) {
      complain(sight, `${where} shows ${hitSaid(sight, hit)}, which is none of it`)
    }
  }
  const messages = heldRows(workstation, 'message')
  const isHere = ({ message_id: id, conversation_id: of }: TrueHit): boolean =>
    held.has(of) && (id === null || messages?.has(id) === true)
  // Where little can be held, what is open goes again as soon as the server has added it, and is shown no more.
  const open = new Set(
    truth.conversations.filter(({ status }) => status !== 'closed').map(({ id }) => id),
  )
  const isLeft = ({ conversation_id: of }: TrueHit): boolean =>
    !world.isCacheTight || held.has(of) || !open.has(of)
  for (const hit of must) {
    if (shown.has(trueName(hit)) || blurred.has(hit.conversation_id)) continue
    if (isWhole ? isLeft(hit) : isHere(hit))
      complainOf(sight, hit.conversation_id, `${where} does not show ${trueHitSaid(sight, hit)}`)
  }
  if (shown.size < result.hits.length) complain(sight, `${where} shows something twice`)
  if (isWhole && result.isPartial) complain(sight, `${where} says that it is partial`)
  const order = result.hits.map(({ messageId, at }) => [
    messageId === null ? 0 : 1,
    -(at === null ? 0 : Date.parse(at)),
  ])
  // What the server adds, or has added a while ago, stands behind what is here.
  const steps = order.filter(
    (one, place) => place > 0 && compareKeys(order[place - 1] ?? [], one) > 0,
  )
  if (steps.length > 1 && must.length === may.length)
    complain(sight, `${where} does not show the newest first`)
  for (const hit of result.hits) {
    if (hit.messageId !== null && !hit.snippet.some(({ match }) => match))
      complain(sight, `${where} does not show where ${hitSaid(sight, hit)} has it`)
  }
}

/** What has to be found, and what may. */
async function hitsOf(sight: Sight, text: string): Promise<{ must: TrueHit[]; may: TrueHit[] }> {
  const { world, workstation, truth, held, isWhole } = sight
  if (text.startsWith('tag:'))
    return all(await conversationsTagged(world, workstation, text.slice(4)))
  if (text === 'due:overdue') {
    const due = (atMs: number): TrueHit[] =>
      truth.conversations
        .filter(({ due_at: dueAt }) => dueAt !== null && dueAt <= atMs)
        .map(({ id, last_message_at: at }) => ({ conversation_id: id, message_id: null, at }))
    return { must: due(truth.atMs - BLURRED_MS), may: due(truth.atMs + BLURRED_MS) }
  }
  if (text !== NAME) return all(await messagesWith(world, workstation, text))
  const named = await conversationsOfCustomers(world, workstation, NAME.split(' '))
  const among = isWhole ? named : named.filter(({ conversation_id: id }) => held.has(id))
  return { must: among.slice(0, NAMED_MOST), may: named }
}

const all = (hits: TrueHit[]) => ({ must: hits, may: hits })
const nameOf = ({ conversationId, messageId }: SearchHit): string =>
  `${conversationId} ${messageId ?? ''}`
const trueName = (hit: TrueHit): string => `${hit.conversation_id} ${hit.message_id ?? ''}`

const hitSaid = ({ world }: Sight, { conversationId, messageId }: SearchHit): string =>
  `${messageId === null ? '' : `message ${world.describe(messageId)} of `}${world.describe(conversationId)}`
const trueHitSaid = ({ world }: Sight, hit: TrueHit): string =>
  `${hit.message_id === null ? '' : `message ${world.describe(hit.message_id)} of `}${world.describe(hit.conversation_id)}`
