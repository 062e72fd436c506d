import type { ConversationView } from '@parley/contracts'

import { useDirectory, useMe } from '../../bridge/views.ts'
import { when } from '../../i18n/phrases.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import text from '../../ui/text.module.css'
import type { ComposerProps } from './composer-parts.ts'
import styles from './composer.module.css'

/** Why nobody can write here now, and what can be done instead. */
export function InsteadOfComposer({ conversation, actions, isGone }: ComposerProps) {
  const t = useTranslate()
  const { abilities } = conversation
  const words = useInsteadWords(conversation)
  return (
    <section className={styles.instead} aria-label={t('composer.label')} role="status">
      <p className={text.grow}>{isGone ? t('instead.gone') : words}</p>
      {abilities.takeOver && (
        <Button look="line" keysOf="conversation.takeOver" onClick={actions.takeOver}>
          {t('action.takeOver')}
        </Button>
      )}
      {abilities.claim && (
        <Button look="primary" keysOf="conversation.claim" onClick={actions.claim}>
          {t('action.claim')}
        </Button>
      )}
      {abilities.reopen && (
        <Button look="primary" keysOf="conversation.reopen" onClick={actions.reopen}>
          {t('action.reopen')}
        </Button>
      )}
    </section>
  )
}

/** Who did what, where it is known, and what can be done now. */
function useInsteadWords({ row, abilities, closedBy }: ConversationView): string {
  const t = useTranslate()
  const me = useMe()
  const { people } = useDirectory()
  const owner = row.assignedTo === null ? undefined : people.get(row.assignedTo)
  if (row.status === 'closed') {
    const closer = closedBy === null || closedBy === me.id ? undefined : people.get(closedBy)
    if (!closer || row.closedAt === null) return t('instead.closed')
    return t('instead.closedBy', {
      name: closer.fullName,
      at: when(Date.parse(row.closedAt), t),
    })
  }
  if (owner && owner.id !== me.id) return t('instead.colleague', { name: owner.fullName })
  return t(abilities.claim ? 'instead.nobody' : 'instead.notYours')
}
