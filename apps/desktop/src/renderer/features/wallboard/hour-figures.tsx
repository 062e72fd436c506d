import type { HourFiguresOutput } from '@parley/contracts'

import { useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import { percent } from '../../ui/percent.ts'
import text from '../../ui/text.module.css'
import styles from './hour-figures.module.css'
import { Count } from '../../ui/count.tsx'
import { SectionHead } from '../../ui/section-head.tsx'

/** How the last hour went. Only the server counts it: without it the places stay and say so. */
export function HourFigures({
  figures,
  missing,
}: {
  figures: HourFiguresOutput | undefined
  /** Why there are none: the server cannot be asked, or has not answered. Null: they are there, or on their way. */
  missing: 'noFigures' | 'figuresFailed' | null
}) {
  const t = useTranslate()
  const hour = figures?.lastHour
  const hourBefore = (count: number | undefined) =>
    count === undefined ? '' : t('wallboard.hourBefore', { count })
  const ofAll = (figure: { met: number; total: number } | undefined) =>
    figure === undefined ? '' : t('wallboard.metOf', figure)
  return (
    <section aria-label={t('wallboard.hour')}>
      <SectionHead
        title={t('wallboard.hour')}
        count={t(missing === null ? 'wallboard.allTeams' : `wallboard.${missing}`)}
      />
      <dl className={styles.figures}>
        <Figure
          name={t('wallboard.created')}
          value={hour?.created}
          beside={hourBefore(hour?.createdBefore)}
        />
        <Figure
          name={t('wallboard.closed')}
          value={hour?.closed}
          beside={hourBefore(hour?.closedBefore)}
        />
        <Figure
          name={t('wallboard.firstResponse')}
          value={hour && percent(hour.firstResponse)}
          beside={ofAll(hour?.firstResponse)}
        />
        <Figure
          name={t('wallboard.resolution')}
          value={hour && percent(hour.resolution)}
          beside={ofAll(hour?.resolution)}
        />
      </dl>
    </section>
  )
}

function Figure({
  name,
  value,
  beside,
}: {
  name: string
  value: number | string | null | undefined
  beside: string
}) {
  return (
    <div>
      <dt className={text.meta}>{name}</dt>
      <dd className={text.figure}>
        {typeof value === 'number' ? <Count of={value} /> : (value ?? '–')}
      </dd>
      <dd className={classNames(styles.beside, text.meta, text.digits)}>{beside}</dd>
    </div>
  )
}
