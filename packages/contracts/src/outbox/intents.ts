/**
 * What a person can want done, by kind, with what there is to know for it. Each feature adds its own by
 * declaration merging; the outbox keeps them all and knows none by name.
 */
export interface Intents {}

export type IntentKind = keyof Intents
export type Intent<Kind extends IntentKind = IntentKind> = {
  [Of in Kind]: { kind: Of } & Intents[Of]
}[Kind]
