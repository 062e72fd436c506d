import { useConnection, useDirectory } from '../../bridge/views.ts'
import { errorWords } from '../../bridge/error-words.ts'
import { clockTime } from '../../i18n/moments.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import text from '../../ui/text.module.css'
import { EffectPreview } from './effect-preview.tsx'
import styles from './save-foot.module.css'
import { type Editing } from './use-editing.ts'

/** How it stands with what was changed, and the next step: see what it would do, then save. Over it, what it would do. */
export function SaveFoot({
  editing,
  hasProblems,
}: {
  editing: Omit<Editing<unknown>, 'draft' | 'change'>
  hasProblems: boolean
}) {
  const t = useTranslate()
  const { people } = useDirectory()
  const isOnline = useConnection()?.state === 'online'
  const { effect, error, busy, isChanged, isRecomputing, savedAt } = editing
  const words = error && errorWords(error, t, people)
  const isStuck = !isOnline || busy
  return (
    <>
      {effect !== null && error === null && <EffectPreview effect={effect} />}
      <footer className={styles.foot}>
        {words ? (
          <p className={styles.failed} role="alert">
            <strong>{words.title}</strong>{' '}
            {error.code === 'conflict' ? t('routing.conflict') : words.detail}
          </p>
        ) : (
          <p className={text.meta} role="status">
            {hasProblems
              ? t('routing.hasProblems')
              : !isOnline
                ? t('routing.offline')
                : isRecomputing
                  ? t('sla.recomputing')
                  : savedAt !== null && !isChanged
                    ? t('routing.savedAt', { at: clockTime(savedAt) })
                    : isChanged
                      ? t('routing.unsaved')
                      : ''}
          </p>
        )}
        <span className={text.grow} />
        {error?.code === 'conflict' ? (
          <>
            <Button look="line" onClick={() => void editing.saveAnyway()} disabled={isStuck}>
              {t('routing.saveAnyway')}
            </Button>
            <Button look="primary" onClick={editing.loadTheirs} disabled={isStuck}>
              {t('routing.loadTheirs')}
            </Button>
          </>
        ) : (
          <>
            <Button look="line" disabled={!isChanged || busy} onClick={editing.discard}>
              {t('routing.discard')}
            </Button>
            <Button type="submit" look="primary" disabled={!isChanged || isStuck}>
              {t(effect === null ? 'sla.seeEffect' : 'routing.save')}
            </Button>
          </>
        )}
      </footer>
    </>
  )
}
