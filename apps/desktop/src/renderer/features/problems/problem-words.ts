import type { ProblemView } from '@parley/contracts'

import { fill, type Translate } from '../../i18n/translate.ts'

/** What it is in one sentence, what that means, and what to do; `todo` has parts in bold. */
export const titleOf = ({ kind, details }: ProblemView, t: Translate) =>
  fill(t, `problem.${kind}.title`, details)
export const meaningOf = ({ kind, details }: ProblemView, t: Translate) =>
  fill(t, `problem.${kind}.means`, details)
