import { PRIORITIES, SLA_CLOCKS } from '@parley/domain'
import { useState } from 'react'

import { useDirectory, useMe } from '../../bridge/views.ts'
import { clockTime } from '../../i18n/moments.ts'
import { Rich, useTranslate } from '../../i18n/use-translate.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { readDecision } from '../triage/decision.ts'
import { TriageWhy } from '../triage/triage-why.tsx'
import styles from './event-line.module.css'
import { CLOSE_REASON_WORDS, EVENT_ICONS, eventSentence } from './event-words.ts'
import { readExplanation } from '../routing/explanation.ts'
import { type EventEntry } from './thread-items.ts'
import { Why } from '../routing/why.tsx'

/** What happened to the conversation, as one centred line. An assignment opens to its reasons. */
export function EventLine({ entry: { event, names } }: { entry: EventEntry }) {
  const t = useTranslate()
  const me = useMe()
  const { people, teams } = useDirectory()
  const [open, setOpen] = useState(false)
  const nameOf = (id: string) =>
    names[id] ?? people.get(id)?.fullName ?? teams.get(id)?.name ?? t('person.somebody')
  const { id, values } = eventSentence({
    event,
    nameOf,
    myId: me.id,
    words: {
      priority: (value) => {
        const known = PRIORITIES.find((priority) => priority === value)
        return known ? t(`priority.${known}`).toLowerCase() : value
      },
      closeReason: (value) =>
        value in CLOSE_REASON_WORDS
          ? t(CLOSE_REASON_WORDS[value as keyof typeof CLOSE_REASON_WORDS]).toLowerCase()
          : value,
      clock: (value) => {
        const known = SLA_CLOCKS.find((clock) => clock === value)
        return known ? t(`clockName.${known}`) : t('clock.some')
      },
    },
  })
  const explanation =
    event.type === 'conversation.assigned' ? readExplanation(event.metadata) : null
  const chosen = event.newValue?.['assigned_to']
  const decision = event.type === 'triage.completed' ? readDecision(event.metadata) : null
  const note = typeof event.metadata['note'] === 'string' ? event.metadata['note'] : null
  return (
    <div className={styles.event}>
      <div className={styles.line}>
        <Icon of={EVENT_ICONS[event.type]} size={14} />
        <span>
          <Rich id={id} values={values} />
          {explanation && (
            <>
              {' '}
              <LinkButton aria-expanded={open} onClick={() => setOpen(!open)}>
                {chosen === me.id
                  ? t('why.you')
                  : t('why.them', {
                      name: typeof chosen === 'string' ? (nameOf(chosen).split(' ')[0] ?? '') : '',
                    })}
              </LinkButton>
            </>
          )}
          {decision && (
            <>
              {' '}
              <LinkButton aria-expanded={open} onClick={() => setOpen(!open)}>
                {t('triage.why', { team: values['team'] ?? '' })}
              </LinkButton>
            </>
          )}
        </span>
        <time className={styles.time} dateTime={event.createdAt}>
          {clockTime(Date.parse(event.createdAt))}
        </time>
      </div>
      {note && <p className={styles.note}>{t('quoted', { text: note })}</p>}
      {explanation && open && (
        <Why
          explanation={explanation}
          chosen={typeof chosen === 'string' ? chosen : null}
          nameOf={nameOf}
        />
      )}
      {decision && open && <TriageWhy decision={decision} />}
    </div>
  )
}
