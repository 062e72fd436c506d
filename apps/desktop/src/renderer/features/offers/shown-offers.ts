import type { OfferView } from '@parley/contracts'

/** An offer on the screen. One that is over is said to be so for a moment, and then goes. */
export interface ShownOffer {
  offer: OfferView
  over: { because: 'expired' | 'withdrawn' | Answer; untilMs: number } | null
}
export type Answer = 'accepted' | 'refused'

const SAID_FOR_MS = 5000
/** What was answered keeps its place as long as a second click could still come: it must not meet the next offer. */
const ANSWERED_FOR_MS = 700
/** The server's word and our clock may differ by a little: this close to its end an offer has expired. */
const NEAR_END_MS = 1500

/**
 * What is on the screen now, from what was and what the engine has. The same array where nothing changed.
 *
 * @param answers what this person has answered, by id
 * @param nowMs by the server's clock
 */
export function reconcileOffers(
  before: readonly ShownOffer[],
  open: readonly OfferView[],
  answers: ReadonlyMap<string, Answer>,
  nowMs: number,
): readonly ShownOffer[] {
  const live = new Map(
    open
      .filter(({ id, expiresAt }) => !answers.has(id) && Date.parse(expiresAt) > nowMs)
      .map((offer) => [offer.id, offer]),
  )
  const kept = before.flatMap((shown): ShownOffer[] => {
    const { id, expiresAt } = shown.offer
    const offer = live.get(id)
    live.delete(id)
    if (offer) return [shown.over === null && shown.offer === offer ? shown : { offer, over: null }]
    if (shown.over !== null) return shown.over.untilMs > nowMs ? [shown] : []
    const answer = answers.get(id)
    const isNearEnd = Date.parse(expiresAt) - nowMs <= NEAR_END_MS
    const because = answer ?? (isNearEnd ? 'expired' : 'withdrawn')
    const untilMs = nowMs + (answer === undefined ? SAID_FOR_MS : ANSWERED_FOR_MS)
    return [{ offer: shown.offer, over: { because, untilMs } }]
  })
  const now = [...kept, ...[...live.values()].map((offer) => ({ offer, over: null }))]
  const isSame = now.length === before.length && now.every((one, index) => one === before[index])
  return isSame ? before : now
}

/** When this changes by itself, epoch milliseconds by the server's clock; null: never. */
export function nextChangeAt(shown: readonly ShownOffer[]): number | null {
  const instants = shown.map(({ offer, over }) => over?.untilMs ?? Date.parse(offer.expiresAt))
  return instants.length === 0 ? null : Math.min(...instants)
}
