import { useState } from 'react'

import { useConnected } from '../../bridge/bridge-context.tsx'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { useNow } from '../../ui/use-now.ts'
import type { ComposerProps } from './composer-parts.ts'
import styles from './composer.module.css'
import { InsteadOfComposer } from './instead-of-composer.tsx'
import { windowState } from './window-state.ts'
import { Writing } from './writing.tsx'

/** Where one writes, or what stands in its place where one cannot. */
export function Composer(props: ComposerProps) {
  const t = useTranslate()
  const { row, abilities, windowEndsAt, draft } = props.conversation
  const window = windowState(row.channel, windowEndsAt, useNow('minute'))
  const { typed } = useConnected()
  // Whatever becomes of the conversation, who writes keeps the field under their hands, and their words in sight.
  const [wasLeft, setLeft] = useState(
    () => !abilities.reply && (typed.get(row.id) ?? draft).trim() === '',
  )
  if (abilities.reply && wasLeft) setLeft(false)
  if (!abilities.reply && wasLeft) return props.isGone ? null : <InsteadOfComposer {...props} />
  return (
    <section className={styles.composer} aria-label={t('composer.label')}>
      {!abilities.reply && <InsteadOfComposer {...props} />}
      <Writing {...props} window={window} onLeft={() => setLeft(true)} />
    </section>
  )
}
