import { field } from '../../bridge/free-json.ts'
import { type EventContext, type EventReason } from '../conversation/index.ts'
import { readExplanation } from './explanation.ts'
import { Why } from './why.tsx'

/** Why routing chose whom it chose. */
export function assignmentReason({ event, t, myId, nameOf }: EventContext): EventReason | null {
  const explanation = readExplanation(event.metadata)
  if (explanation === null) return null
  const chosen = field(event.newValue, 'assigned_to')
  const firstName = chosen === null ? '' : (nameOf(chosen).split(' ')[0] ?? '')
  return {
    opener: chosen === myId ? t('why.you') : t('why.them', { name: firstName }),
    reason: <Why explanation={explanation} chosen={chosen} nameOf={nameOf} />,
  }
}
