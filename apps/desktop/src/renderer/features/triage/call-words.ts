import type { ModelCall } from '@parley/domain'

import { type Translate } from '../../i18n/translate.ts'

/** small-1, 640 ms, 210 + 30 tokens, $0.0004 */
export function callWords(call: ModelCall, t: Translate): string {
  const { model, durationMs, inputTokens, outputTokens, costUsd } = call
  return [
    model,
    t('triage.call.took', { ms: durationMs }),
    inputTokens === null || outputTokens === null
      ? ''
      : t('triage.call.tokens', { input: inputTokens, output: outputTokens }),
    costUsd === null ? '' : t('triage.call.cost', { cost: writeCost(costUsd) }),
  ]
    .filter((words) => words !== '')
    .join(' · ')
}

/** Two digits that mean something, however small: 0.00042, 0.31, 1.25. */
const writeCost = (usd: number): string =>
  usd === 0 || usd >= 1 ? usd.toFixed(2) : String(Number(usd.toPrecision(2)))
