import { Check, CircleAlert } from 'lucide-react'
import { useState } from 'react'

import { useDirectory, useMe } from '../../bridge/views.ts'
import { clockTime } from '../../i18n/moments.ts'
import { Rich, useTranslate } from '../../i18n/use-translate.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { loadText } from '../../ui/load-text.ts'
import styles from './event-line.module.css'
import { CLOSE_REASON_WORDS, EVENT_ICONS, eventSentence } from './event-words.ts'
import { type ReadExplanation, readExplanation } from './explanation.ts'
import { type EventEntry } from './thread-items.ts'

const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const

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
    },
  })
  const explanation =
    event.type === 'conversation.assigned' ? readExplanation(event.metadata) : null
  const chosen = event.newValue?.['assigned_to']
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
    </div>
  )
}

function Why({
  explanation,
  chosen,
  nameOf,
}: {
  explanation: ReadExplanation
  chosen: string | null
  nameOf: (id: string) => string
}) {
  const t = useTranslate()
  const { chosenBecause, eligible = [], ineligible = [] } = explanation
  const own = eligible.find((candidate) => candidate.userId === chosen)
  return (
    <div className={styles.why}>
      <ul className={styles.reasons}>
        <li>
          <Icon of={Check} size={12} className={styles.ok} />
          {t(`why.${chosenBecause}`)}
        </li>
        {own && (
          <li>
            <Icon of={Check} size={12} className={styles.ok} />
            {t('why.load', { load: loadText(own.load, own.capacity), count: eligible.length })}
          </li>
        )}
      </ul>
      {eligible.length > 1 && (
        <p className={styles.others}>
          {t('why.others', {
            names: eligible
              .filter((candidate) => candidate.userId !== chosen)
              .map(
                (candidate) =>
                  `${nameOf(candidate.userId)} ${loadText(candidate.load, candidate.capacity)}`,
              )
              .join(', '),
          })}
        </p>
      )}
      {ineligible.length > 0 && (
        <ul className={styles.reasons}>
          {ineligible.map((candidate) => (
            <li key={candidate.userId}>
              <Icon of={CircleAlert} size={12} className={styles.not} />
              {nameOf(candidate.userId)}:{' '}
              {candidate.because === 'lacks_skill'
                ? t('why.not.lacks_skill', { skill: candidate.skill ?? '' })
                : t(`why.not.${candidate.because}`)}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
