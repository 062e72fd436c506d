import { type Channel } from '../conversation/priority.ts'

/** How conversations leave the queue: given at once, offered with a countdown, or taken by the agents. */
export const ROUTING_MODES = ['auto', 'offer', 'pull'] as const
export type RoutingMode = (typeof ROUTING_MODES)[number]

export const ROUTING_STRATEGIES = [
  'least_loaded',
  'round_robin',
  'longest_idle',
  'best_skilled',
] as const
export type RoutingStrategy = (typeof ROUTING_STRATEGIES)[number]

/** What happens to a conversation that is queued while its team is closed. */
export const OUT_OF_HOURS = ['queue', 'auto_reply', 'team'] as const
export type OutOfHours = (typeof OUT_OF_HOURS)[number]

/** How a team routes. Durations are in seconds of plain time. */
export interface RoutingSettings {
  mode: RoutingMode
  strategy: RoutingStrategy
  /** How long an offer stands. */
  offerSeconds: number
  /** The agent who answered this customer last within this time comes first; 0: never. */
  stickySeconds: number
  /** After this long in the queue required levels fall to 3, after twice as long to none; null: never. */
  relaxSkillsAfterSeconds: number | null
  /** After this long in the queue it moves to the overflow team; both null: never. */
  overflowAfterSeconds: number | null
  overflowTeamId: string | null
  outOfHours: OutOfHours
  outOfHoursTeamId: string | null
  /** By language; Spanish where the customer's is missing. */
  outOfHoursText: { es?: string | undefined; en?: string | undefined }
  /** What a conversation of a channel counts against a person's capacity. */
  channelWeights: Record<Channel, number>
  /** What is left of that weight while the customer has to answer, 0 to 1. */
  pendingCustomerFraction: number
  /** The slot of a closed conversation is held this long. */
  wrapUpSeconds: number
  /** What somebody who is offline leaves unanswered goes back to the queue after this long. */
  returnUnansweredSeconds: number
  /** A customer who writes within this time after the close reopens the conversation. */
  reopenWindowSeconds: number
}

/** Defaults of the table `team_settings`. */
export const DEFAULT_ROUTING_SETTINGS: RoutingSettings = {
  mode: 'auto',
  strategy: 'least_loaded',
  offerSeconds: 30,
  stickySeconds: 7 * 86_400,
  relaxSkillsAfterSeconds: null,
  overflowAfterSeconds: null,
  overflowTeamId: null,
  outOfHours: 'queue',
  outOfHoursTeamId: null,
  outOfHoursText: {},
  channelWeights: { whatsapp: 1, chat_app: 1 },
  pendingCustomerFraction: 0.25,
  wrapUpSeconds: 0,
  returnUnansweredSeconds: 600,
  reopenWindowSeconds: 86_400,
}

/** Skills that are languages; they decide before all others where strategies compare levels. */
export const LANGUAGE_SKILLS: ReadonlySet<string> = new Set([
  'spanish',
  'english',
  'portuguese',
  'french',
  'german',
  'italian',
])
