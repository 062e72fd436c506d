import type { Ineligibility } from '@parley/domain'
import { CircleAlert } from 'lucide-react'

import { duration } from '../../i18n/moments.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { LoadBars } from '../../ui/load-bars.tsx'
import { loadText } from '../../ui/load-text.ts'
import { Reason, ReasonLine, ReasonLines, ReasonPart } from '../../ui/reason.tsx'
import text from '../../ui/text.module.css'
import { classNames } from '../../ui/class-names.ts'
import { skillList, skillWords } from '../../ui/skill-words.ts'
import { type ReadExplanation } from './explanation.ts'
import styles from './why.module.css'

interface WhyProps {
  explanation: ReadExplanation
  /** Who got it. */
  chosen: string | null
  nameOf: (id: string) => string
}

/** Why it went to whom it went: the rule, who else could have had it, and what kept the others from it. */
export function Why({ explanation, chosen, nameOf }: WhyProps) {
  const t = useTranslate()
  const { chosenBecause, strategy, waitedMs, requiredSkills, relaxed } = explanation
  const facts = [
    strategy && t('why.strategy', { strategy: t(`strategy.${strategy}`).toLowerCase() }),
    waitedMs !== null && t('why.waited', { time: duration(waitedMs) }),
    Object.keys(requiredSkills).length > 0 &&
      t('why.required', { skills: skillList(requiredSkills, t) }),
    relaxed &&
      (Object.keys(relaxed.to).length > 0
        ? t('why.relaxedTo', { skills: skillList(relaxed.to, t) })
        : t('why.relaxedAway')),
  ].filter((fact) => fact !== null && fact !== false)
  return (
    <Reason because={t(`why.${chosenBecause}`)} data-why={chosenBecause}>
      {facts.length > 0 && <p className={text.meta}>{facts.join(' ')}</p>}
      {explanation.eligible.length > 0 && (
        <Eligible explanation={explanation} chosen={chosen} nameOf={nameOf} />
      )}
      {explanation.ineligibleCounts.length > 0 && (
        <Ineligible explanation={explanation} nameOf={nameOf} />
      )}
    </Reason>
  )
}

/** In the order in which they would have been chosen. */
function Eligible({ explanation: { eligible, eligibleCount }, chosen, nameOf }: WhyProps) {
  const t = useTranslate()
  return (
    <ReasonPart heading={t('why.eligible', { count: eligibleCount })}>
      <ol className={styles.people}>
        {eligible.map(({ userId, load, capacity, score }) => (
          <li key={userId} className={classNames(userId === chosen && styles.chosen)}>
            <span className={text.cut}>{nameOf(userId)}</span>
            {score !== undefined && <span className={text.meta}>{t('why.score', { score })}</span>}
            <span className={styles.load}>
              <LoadBars load={load} capacity={capacity} />
              {loadText(load, capacity)}
            </span>
          </li>
        ))}
      </ol>
      {eligibleCount > eligible.length && (
        <p className={text.meta}>{t('why.andMore', { count: eligibleCount - eligible.length })}</p>
      )}
    </ReasonPart>
  )
}

function Ineligible({
  explanation: { ineligible, ineligibleCounts },
  nameOf,
}: Pick<WhyProps, 'explanation' | 'nameOf'>) {
  const t = useTranslate()
  return (
    <ReasonPart heading={t('why.ineligible')}>
      <ReasonLines>
        {ineligibleCounts.map(({ because, count }) => (
          <ReasonLine key={because} icon={CircleAlert}>
            {t('why.obstacle', { because: t(`obstacle.${because}`), count })}{' '}
            <span className={text.meta}>{names(because, count)}</span>
          </ReasonLine>
        ))}
      </ReasonLines>
    </ReasonPart>
  )

  function names(because: Ineligibility, count: number): string {
    const named = ineligible.filter((person) => person.because === because)
    const words = named.map(({ userId, skill }) =>
      skill === undefined ? nameOf(userId) : `${nameOf(userId)} (${skillWords(skill, t)})`,
    )
    if (count > named.length) words.push(t('why.andMore', { count: count - named.length }))
    return words.join(', ')
  }
}
