import { useState } from 'react'

import { field } from '../../bridge/free-json.ts'
import { useDirectory, useMe } from '../../bridge/views.ts'
import { clockTime } from '../../i18n/moments.ts'
import { Rich, useTranslate } from '../../i18n/use-translate.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import styles from './event-line.module.css'
import { type EventContext, eventWords, reasonOf } from './event-words.ts'
import { type EventEntry } from './thread-items.ts'

/** What happened to the conversation, as one centred line. Some lines open to their reasons. */
export function EventLine({ entry: { event, names } }: { entry: EventEntry }) {
  const t = useTranslate()
  const { id: myId } = useMe()
  const { people, teams } = useDirectory()
  const [open, setOpen] = useState(false)
  const words = eventWords(event.type)
  const nameOf = (id: string) =>
    names[id] ?? people.get(id)?.fullName ?? teams.get(id)?.name ?? t('person.somebody')
  const context: EventContext = { event, t, myId, nameOf }
  if (words === null) return null
  const { id, values } = words.sentence(context)
  const why = reasonOf(context)
  const note = field(event.metadata, 'note')
  return (
    <div className={styles.event}>
      <div className={styles.line}>
        <Icon of={words.icon} size={14} />
        <span>
          <Rich id={id} values={values} />
          {why && (
            <>
              {' '}
              <LinkButton aria-expanded={open} onClick={() => setOpen(!open)}>
                {why.opener}
              </LinkButton>
            </>
          )}
        </span>
        <time className={text.digits} dateTime={event.createdAt}>
          {clockTime(Date.parse(event.createdAt))}
        </time>
      </div>
      {note && <p className={styles.note}>{t('quoted', { text: note })}</p>}
      {why && open && why.reason}
    </div>
  )
}
