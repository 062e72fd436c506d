import { useState } from 'react'

import { useDirectory, useMe } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { type Translate, fill } from '../../i18n/translate.ts'
import { contentWords } from '../../ui/content-words.ts'
import text from '../../ui/text.module.css'
import { eventWords } from './event-words.ts'
import { failureWords } from './failure-words.ts'
import { type MessageEntry, type ThreadItem } from './thread-items.ts'
import { type ThreadNews, threadNews } from './thread-news.ts'

/** A reader that comes late begins with the newest; more at once are only counted. */
const MOST_TOLD = 3
const MOST_CHARACTERS = 300

interface Told {
  items: readonly ThreadItem[]
  news: readonly ThreadNews[]
  /** More came at once than anybody would listen to. */
  counted: number
}

/**
 * Says what arrives in the open thread. A region of its own: the thread draws what is in view, and a screen reader
 * would read out all that is scrolled in.
 */
export function ThreadAnnouncer({ items, title }: { items: readonly ThreadItem[]; title: string }) {
  const t = useTranslate()
  const { id: myId } = useMe()
  const { people, teams } = useDirectory()
  const [told, setTold] = useState<Told>({ items, news: [], counted: 0 })
  if (told.items !== items) {
    const arrived = threadNews(told.items, items, myId)
    const isMuch = arrived.length > MOST_TOLD
    if (arrived.length === 0) setTold({ ...told, items })
    else setTold({ items, ...(isMuch ? counting(arrived) : telling(told, arrived)) })
  }
  const wordsOf = (one: ThreadNews): string => {
    switch (one.kind) {
      case 'message':
        return `${speaker(one.entry, title, t)}: ${said(one.entry, t)}`
      case 'failed':
        return failureWords(one.entry.message.failedReason, t)
      case 'event': {
        const { event, names } = one.entry
        const nameOf = (id: string) =>
          names[id] ?? people.get(id)?.fullName ?? teams.get(id)?.name ?? t('person.somebody')
        const sentence = eventWords(event.type)?.sentence({ event, t, myId, nameOf })
        return sentence === undefined ? '' : withoutMarks(fill(t, sentence.id, sentence.values))
      }
    }
  }
  return (
    <div className={text.onlyRead} aria-live="polite" aria-relevant="additions" data-thread-news>
      {told.counted > 0 && (
        <p key={told.news.at(-1)?.key}>{t('thread.newer', { count: told.counted })}</p>
      )}
      {told.counted === 0 && told.news.map((one) => <p key={one.key}>{wordsOf(one)}</p>)}
    </div>
  )
}

const counting = (news: readonly ThreadNews[]) => ({ news, counted: news.length })
const telling = (told: Told, news: readonly ThreadNews[]) => ({
  news: [...(told.counted > 0 ? [] : told.news), ...news].slice(-MOST_TOLD),
  counted: 0,
})

function speaker({ message, authorName }: MessageEntry, title: string, t: Translate): string {
  if (message.direction === 'inbound') return title
  return authorName ?? t('speaker.system')
}

function said({ message }: MessageEntry, t: Translate): string {
  if (message.text !== null && message.text !== '') return message.text.slice(0, MOST_CHARACTERS)
  return t(contentWords(message.contentType).name as 'content.image')
}

/** The words in bold are no louder. */
const withoutMarks = (sentence: string) => sentence.replaceAll(/<\/?\w+>/g, '')
