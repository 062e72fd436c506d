import type { AuditFilter } from '@parley/contracts'
import { ACTOR_KINDS, type ActorKind, AUDIT_ACTIONS, type AuditAction } from '@parley/domain'

import { foldText } from '../../ui/fold-text.ts'

/** As it stands in the fields over the list. */
export interface ShownFilter {
  typed: string
  area: AuditArea | null
  /** A person's id, or what acts without being a person. */
  who: string | null
  about: { id: string; name: string } | null
  /** Days of the person's own calendar, `2026-11-29`, both included; empty: no end. */
  fromDay: string
  toDay: string
}

export const NO_FILTER: ShownFilter = {
  typed: '',
  area: null,
  who: null,
  about: null,
  fromDay: '',
  toDay: '',
}

type AreaOf<Action extends string> = Action extends `${infer Area}.${string}` ? Area : never
/** What belongs together: by what stands before the point. */
export type AuditArea = AreaOf<AuditAction>
const areaOf = (action: AuditAction): AuditArea => action.split('.')[0] as AuditArea
export const AREAS: readonly AuditArea[] = [...new Set(AUDIT_ACTIONS.map(areaOf))]

/** Who acts and is nobody of whom there is a list. */
export const OTHER_ACTORS = ACTOR_KINDS.filter((kind) => kind !== 'user')
const isKind = (who: string): who is ActorKind => (ACTOR_KINDS as readonly string[]).includes(who)

/** @param wordsOf an action, as it is shown: it is found by them */
export function askedBy(
  { typed, area, who, about, fromDay, toDay }: ShownFilter,
  wordsOf: (action: AuditAction) => string,
): AuditFilter {
  const wanted = foldText(typed.trim())
  return {
    actions: area === null ? [] : AUDIT_ACTIONS.filter((action) => areaOf(action) === area),
    actorId: who === null || isKind(who) ? null : who,
    actorKind: who !== null && isKind(who) ? who : null,
    targetId: about?.id ?? null,
    from: beginningOf(fromDay, 0),
    to: beginningOf(toDay, 1),
    text:
      wanted === ''
        ? null
        : {
            typed: typed.trim(),
            actions: AUDIT_ACTIONS.filter((action) => foldText(wordsOf(action)).includes(wanted)),
          },
  }
}

/** When a day begins here, or the one after it: days are longer or shorter where clocks are changed. */
function beginningOf(day: string, plusDays: number): string | null {
  const [, year, month, date] = /^([12]\d{3})-(\d\d)-(\d\d)$/.exec(day) ?? []
  if (year === undefined) return null
  const at = new Date(Number(year), Number(month) - 1, Number(date) + plusDays)
  return at.toISOString()
}
