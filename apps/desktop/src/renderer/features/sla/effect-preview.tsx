import type { SlaEffect } from '@parley/contracts'

import { useViewState } from '../../app/view-state.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import text from '../../ui/text.module.css'
import { useNow } from '../../ui/use-now.ts'
import { useTimeOrDate } from '../../ui/use-time-or-date.ts'
import styles from './effect-preview.module.css'

/** What saving would do to the conversations that are open. Nothing has been changed yet. */
export function EffectPreview({ effect }: { effect: SlaEffect }) {
  const t = useTranslate()
  const more = effect.overdue.after - effect.overdue.before
  return (
    <section className={styles.effect} aria-label={t('effect.title')} data-effect>
      <header className={styles.head}>
        <h2 className={text.heading}>{t('effect.title')}</h2>
        <span className={text.meta}>{t('effect.of', { count: effect.conversations })}</span>
      </header>
      <dl className={styles.figures}>
        <Figure
          name={t('effect.overdue')}
          words={t('effect.fromTo', effect.overdue)}
          isWorse={more > 0}
        />
        <Figure
          name={t('effect.withinTheHour')}
          words={t('effect.fromTo', effect.dueWithinTheHour)}
        />
        <Figure name={t('effect.earlier')} words={String(effect.earlier)} />
        <Figure name={t('effect.later')} words={String(effect.later)} />
      </dl>
      {more > 0 && <p className={text.bad}>{t('effect.atOnce', { count: more })}</p>}
      {effect.examples.length > 0 && <Examples examples={effect.examples} />}
    </section>
  )
}

function Figure({ name, words, isWorse }: { name: string; words: string; isWorse?: boolean }) {
  return (
    <div>
      <dt className={text.meta}>{name}</dt>
      <dd className={classNames(styles.value, isWorse && text.bad)}>{words}</dd>
    </div>
  )
}

function Examples({ examples }: Pick<SlaEffect, 'examples'>) {
  const t = useTranslate()
  const timeOrDate = useTimeOrDate()
  const now = useNow('minute')
  const openConversation = useViewState((state) => state.openConversation)
  const instant = (at: string | null) => (at === null ? t('effect.noDue') : timeOrDate(at))
  return (
    <ul className={styles.examples}>
      {examples.map(({ conversationId, customerName, clock, dueBefore, dueAfter }) => (
        <li key={`${conversationId} ${clock}`} className={styles.example}>
          <LinkButton onClick={() => openConversation(conversationId)}>
            {customerName ?? t('watch.unnamed')}
          </LinkButton>
          <span className={text.meta}>{t(`clockName.${clock}`)}</span>
          <span className={text.digits}>
            {t('effect.dueFromTo', { before: instant(dueBefore), after: instant(dueAfter) })}
          </span>
          {isOverdue(dueAfter, now) && !isOverdue(dueBefore, now) && (
            <span className={text.bad}>{t('effect.overdueAtOnce')}</span>
          )}
        </li>
      ))}
    </ul>
  )
}

const isOverdue = (dueAt: string | null, now: number) => dueAt !== null && Date.parse(dueAt) <= now
