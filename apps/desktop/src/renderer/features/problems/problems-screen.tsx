import type { ProblemView } from '@parley/contracts'
import { CircleCheck, TriangleAlert } from 'lucide-react'

import { useReadAll } from '../../bridge/use-read.ts'
import { Rich, useTranslate } from '../../i18n/use-translate.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { Screen } from '../../ui/screen.tsx'
import text from '../../ui/text.module.css'
import { useTimeOrDate } from '../../ui/use-time-or-date.ts'
import { WhenRead } from '../../ui/when-read.tsx'
import { meaningOf, titleOf } from './problem-words.ts'
import styles from './problems-screen.module.css'
import { useAcknowledge } from './use-problems.ts'

/** What is broken now: what each means and what to do. What is over is not here any more. */
export function ProblemsScreen() {
  const t = useTranslate()
  return (
    <Screen title={t('problems.title')}>
      <div className={styles.scroll} data-pane-focus tabIndex={-1}>
        <WhenRead read={useReadAll('problems.list')} failed={t('problems.failed')}>
          {(problems) =>
            problems.length === 0 ? (
              <Blank icon={CircleCheck} title={t('problems.none')} height={220}>
                {t('problems.noneWords')}
              </Blank>
            ) : (
              <ul className={styles.list}>
                {problems.map((problem) => (
                  <Problem key={problem.id} problem={problem} />
                ))}
              </ul>
            )
          }
        </WhenRead>
      </div>
    </Screen>
  )
}

function Problem({ problem }: { problem: ProblemView }) {
  const t = useTranslate()
  const timeOrDate = useTimeOrDate()
  const acknowledge = useAcknowledge()
  const { kind, details, acknowledged } = problem
  return (
    <li className={styles.problem} data-problem-kind={kind}>
      <Icon
        of={TriangleAlert}
        className={classNames(styles.icon, acknowledged !== null && styles.known)}
      />
      <div className={styles.words}>
        <h2 className={text.heading}>{titleOf(problem, t)}</h2>
        <p>{meaningOf(problem, t)}</p>
        <p className={styles.todo}>
          <Rich id={`problem.${kind}.todo`} values={details} />
        </p>
        <p className={text.meta}>
          {t('problems.times', {
            since: timeOrDate(problem.firstAt),
            seen: timeOrDate(problem.lastAt),
          })}{' '}
          {acknowledged !== null &&
            t('problems.acknowledgedBy', {
              name: acknowledged.byName ?? t('problems.somebody'),
              at: timeOrDate(acknowledged.at),
            })}
        </p>
      </div>
      {acknowledged === null && (
        <Button look="line" size="small" onClick={() => void acknowledge(problem)}>
          {t('problems.acknowledge')}
        </Button>
      )}
    </li>
  )
}
