import { type InboxView } from '@parley/contracts'

import { type heldCoverage } from '../held-rows.ts'
import { type Workstation } from '../workstation.ts'
import { type World } from '../world.ts'
import { type TrueConversation, type Truth } from './truth.ts'

/** Clocks of workstations go by what answers took: what is due within so little is due or not. */
export const BLURRED_MS = 8_000

export type Answers = ReadonlyMap<string, unknown>

/** What one person is shown at one moment, and what they have to be shown. */
export interface Sight {
  world: World
  workstation: Workstation
  truth: Truth
  /** Ids of the conversations that the cache has. */
  held: ReadonlySet<string>
  coverage: ReturnType<typeof heldCoverage>
  /** Of conversations that something refused waits in. */
  refused: ReadonlySet<string>
  /** Shown with what waits behind that carried out, which the server knows nothing of. */
  blurred: ReadonlySet<string>
  drafts: ReadonlyMap<string, string>
  /** The server has been asked where the cache does not reach. */
  isWhole: boolean
  /** Of conversations that have been so for seconds: what is shown of them otherwise is not on its way. */
  lasting: ReadonlySet<string>
  /** What was visible then; null: nobody has looked. */
  seenBefore: ReadonlySet<string> | null
  answers: Answers
  faults: string[]
}

export const keyOf = (method: string, input: unknown): string =>
  `${method} ${JSON.stringify(input)}`

export const listInput = (view: InboxView, more: { order?: 'due'; filter?: string } = {}) => ({
  view,
  limit: 5000,
  ...more,
})

export function complain({ workstation, faults, isWhole }: Sight, text: string): void {
  faults.push(`${workstation.name}: ${text}${isWhole ? '' : ', before the server is asked'}`)
}

/** The server's answer may mend it, and at the next look it would not be seen any more. */
export function complainOf(sight: Sight, conversationId: string, text: string): void {
  complain(sight, text)
  if (sight.lasting.has(conversationId)) sight.world.findings.push(String(sight.faults.at(-1)))
}

export function answerTo<Answer>(sight: Sight, method: string, input: unknown): Answer | null {
  const answer = (sight.answers.get(keyOf(method, input)) ?? null) as Answer | null
  if (answer === null) complain(sight, `${method} is not answered`)
  return answer
}

export function assertWithin(
  sight: Sight,
  what: string,
  said: number,
  { least, most }: { least: number; most: number },
  blur = 0,
): void {
  if (said >= least - blur && said <= most + blur) return
  complain(sight, `${what} ${said}, and it is ${least}${least === most ? '' : ` to ${most}`}`)
}

/** Directions that names are wrapped in say nothing. */
export const plain = (text: string): string => text.replaceAll(/[\u2066-\u2069]/g, '')
export const instant = (text: string | null): number | null =>
  text === null ? null : Date.parse(text)

/** What is so now, by a clock that is a little early or late. */
export const aroundNow = <Value>({ atMs }: Truth, value: (atMs: number) => Value): Value[] => [
  ...new Set([value(atMs - BLURRED_MS), value(atMs), value(atMs + BLURRED_MS)]),
]

export const isWarned = (one: TrueConversation, atMs: number): boolean =>
  one.promise_warns_at !== null && one.promise_warns_at <= atMs
export const isOverdue = (one: TrueConversation, atMs: number): boolean =>
  one.promise_due_at !== null && one.promise_due_at <= atMs
