import { Trans, useLingui } from '@lingui/react'
import type { UiLanguage } from '@parley/contracts'
import { useMemo } from 'react'

import {
  type MessageId,
  type Translate,
  type Values,
  inTheirPlace,
  translateWith,
} from './translate.ts'

export function useTranslate(): Translate {
  const { i18n } = useLingui()
  // Another language is another object here and so another function: memoised parts are drawn again.
  return useMemo(() => translateWith(i18n), [i18n])
}

export function useLanguage(): UiLanguage {
  return useLingui().i18n.locale === 'en' ? 'en' : 'es'
}

const BOLD = { b: <b /> }

/** A message with parts in bold: `<b>…</b>`. */
export function Rich({ id, values }: { id: MessageId; values?: Values }) {
  return <Trans id={id} {...(values ? { values: inTheirPlace(values) } : {})} components={BOLD} />
}
