import { PRIORITIES } from '@parley/domain'

import { type Translate } from '../i18n/translate.ts'

/** As a word in a sentence. One that we do not know is shown as it came. */
export function priorityWord(value: string, t: Translate): string {
  const known = PRIORITIES.find((priority) => priority === value)
  return known ? t(`priority.${known}`).toLowerCase() : value
}
