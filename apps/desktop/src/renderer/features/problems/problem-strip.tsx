import { TriangleAlert } from 'lucide-react'

import { runCommand, useCommand } from '../../app/commands.ts'
import { useViewState } from '../../app/view-state.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { OnlyRead } from '../../ui/only-read.tsx'
import text from '../../ui/text.module.css'
import styles from './problem-strip.module.css'
import { meaningOf, titleOf } from './problem-words.ts'
import { useAcknowledge, useProblems } from './use-problems.ts'

/** The newest problem that nobody has acknowledged. It takes no focus and ends by itself. */
export function ProblemStrip() {
  const t = useTranslate()
  const acknowledge = useAcknowledge()
  const isScreenShown = useViewState((state) => state.screen.kind === 'problems')
  const unheeded = useProblems().filter(({ acknowledged }) => acknowledged === null)
  const newest = unheeded[0]
  useCommand('problem.acknowledge', newest === undefined ? null : () => void acknowledge(newest))
  return (
    <>
      <OnlyRead>
        <span aria-live="polite">{newest === undefined ? '' : titleOf(newest, t)}</span>
      </OnlyRead>
      {newest !== undefined && !isScreenShown && (
        <section
          className={styles.strip}
          aria-label={t('problems.title')}
          data-problems={unheeded.length}
        >
          <Icon of={TriangleAlert} className={styles.icon} />
          <p className={classNames(text.grow, text.cut)}>
            <strong>{titleOf(newest, t)}</strong>{' '}
            <span className={styles.means}>{meaningOf(newest, t)}</span>
          </p>
          <Button
            look="line"
            size="small"
            keysOf="go.problems"
            onClick={() => runCommand('go.problems')}
          >
            {t('problems.see', { count: unheeded.length })}
          </Button>
          <Button look="line" size="small" onClick={() => void acknowledge(newest)}>
            {t('problems.acknowledge')}
          </Button>
        </section>
      )}
    </>
  )
}
