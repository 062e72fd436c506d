import type { AppError, OfferView, PersonView, TeamView } from '@parley/contracts'

import { type Words, errorWords, nameIn, timeIn } from '../../bridge/error-words.ts'
import { since } from '../../i18n/phrases.ts'
import { type Translate } from '../../i18n/translate.ts'
import { loadText } from '../../ui/load-text.ts'
import { readExplanation } from '../routing/index.ts'

/** Why this person, in one line: Menor carga del equipo, 4/6. Null where the reasons cannot be read. */
export function offerReason(offer: OfferView, myId: string, t: Translate): string | null {
  const explanation = readExplanation({ explanation: offer.explanation })
  if (explanation === null) return null
  const because = t(`why.${explanation.chosenBecause}`)
  const own = explanation.eligible.find(({ userId }) => userId === myId)
  return own === undefined
    ? because
    : t('offer.because', { because, load: loadText(own.load, own.capacity) })
}

/** For a screen reader, with the way to it; what counts down is not told again. */
export function offerAnnounced(
  { title, teamId, offeredAt, expiresAt }: OfferView,
  teams: ReadonlyMap<string, TeamView>,
  t: Translate,
): string {
  const seconds = Math.round((Date.parse(expiresAt) - Date.parse(offeredAt)) / 1000)
  return t('offer.announced', { name: title, team: teams.get(teamId)?.name ?? '', seconds })
}

type People = ReadonlyMap<string, Pick<PersonView, 'fullName'>>

/** Why it could not be taken or passed. Nothing was written that could be lost: who was faster is all there is to say. */
export function offerFailure(error: AppError, t: Translate, people: People): Words {
  if (error.code !== 'conflict') return errorWords(error, t, people)
  const [who, at] = [nameIn(error, 'by', people), timeIn(error, 'at')]
  const title =
    error.details['outcome'] === 'expired'
      ? t('offer.expired')
      : who !== null && at !== null
        ? t('offer.takenBy', { who, since: since(at, t) })
        : t('offer.withdrawn')
  return { title, detail: t('offer.nextComes') }
}
