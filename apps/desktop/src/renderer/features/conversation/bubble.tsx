import { Check, CheckCheck, Clock } from 'lucide-react'
import { memo } from 'react'

import { useViewState } from '../../app/view-state.ts'
import { useConnection } from '../../bridge/views.ts'
import { clockTime, exactMoment } from '../../i18n/moments.ts'
import { type MessageId, type Translate } from '../../i18n/translate.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { OnlyRead } from '../../ui/only-read.tsx'
import { useNow } from '../../ui/use-now.ts'
import styles from './bubble.module.css'
import { contentWords } from '../../ui/content-words.ts'
import { LinkedText } from './linked-text.tsx'
import { contentFacts } from './message-content.ts'
import { MessageTrouble } from './message-trouble.tsx'
import { type MessageEntry } from './thread-items.ts'
import { useMark } from './use-reach.ts'

interface BubbleProps {
  entry: MessageEntry
  isFirstOfRun: boolean
  showsAuthor: boolean
  canReply: boolean
}

export const Bubble = memo(function Bubble({
  entry,
  isFirstOfRun,
  showsAuthor,
  canReply,
}: BubbleProps) {
  const t = useTranslate()
  const { message, quoted, authorName } = entry
  const outbound = message.direction === 'outbound'
  const state = bubbleState(entry)
  const isMarked = useMark(({ marked }) => marked?.messageId === message.id)
  return (
    <div
      className={classNames(
        styles.message,
        outbound ? styles.out : styles.in,
        !isFirstOfRun && styles.continued,
        styles[state],
      )}
      data-marked={isMarked}
      data-message-id={message.id}
      data-status={entry.outbox ?? (state === 'ambiguous' ? 'ambiguous' : message.status)}
    >
      {showsAuthor && authorName !== null && (
        <span className={styles.author}>
          <Avatar id={message.senderId ?? authorName} name={authorName} size="small" />
          {authorName}
        </span>
      )}
      <div className={styles.bubble}>
        <OnlyRead>{speaker(entry, t)}: </OnlyRead>
        {quoted && <Quote message={message} quoted={quoted} />}
        <Content entry={entry} />
        <Footer entry={entry} />
      </div>
      {(state === 'failed' || state === 'ambiguous') && (
        <MessageTrouble message={message} state={state} canDecide={canReply} />
      )}
    </div>
  )
})

/** The words that are answered; they lead to where they stand. */
function Quote({
  message,
  quoted,
}: {
  message: MessageEntry['message']
  quoted: NonNullable<MessageEntry['quoted']>
}) {
  const t = useTranslate()
  const openConversation = useViewState((state) => state.openConversation)
  return (
    <blockquote>
      <button
        type="button"
        className={styles.quote}
        title={t('message.seeQuoted')}
        onClick={() => openConversation(message.conversationId, message.replyToId)}
      >
        {quoted.text ?? t(contentWords(quoted.contentType).name as 'content.image')}
      </button>
    </blockquote>
  )
}

type BubbleState = 'normal' | 'pending' | 'failed' | 'ambiguous'

function bubbleState({ message, outbox }: MessageEntry): BubbleState {
  if (outbox !== null) return 'pending'
  if (message.status === 'failed') return 'failed'
  if (message.status === 'pending' && message.ambiguousAt !== null) return 'ambiguous'
  return message.direction === 'outbound' && message.status === 'pending' ? 'pending' : 'normal'
}

function speaker({ message, isMine, authorName }: MessageEntry, t: Translate): string {
  if (message.direction === 'inbound') return t('speaker.customer')
  return isMine ? t('speaker.me') : (authorName ?? t('speaker.system'))
}

function Content({ entry: { message } }: { entry: MessageEntry }) {
  const t = useTranslate()
  if (message.contentType === 'text')
    return message.text === null ? null : <LinkedText text={message.text} />
  if (message.contentType === 'reaction')
    return <Reaction emoji={contentFacts('reaction', message.content).name} />
  const { icon, name } = contentWords(message.contentType)
  const facts = contentFacts(message.contentType, message.content)
  const label = t(name as 'content.image')
  const title = facts.name ?? label
  const items = facts.items === undefined ? null : t('content.orderItems', { count: facts.items })
  const details = [facts.name === null ? null : label, facts.detail, items].filter(
    (part) => part !== null,
  )
  return (
    <>
      <span className={styles.placeholder}>
        <span className={styles.placeholderIcon}>
          <Icon of={icon} size={18} />
        </span>
        <span className={styles.placeholderWords}>
          <span className={styles.placeholderName}>{title}</span>
          {details.length > 0 && (
            <span className={styles.placeholderDetail}>{details.join(', ')}</span>
          )}
        </span>
      </span>
      {message.text !== null && message.text !== '' && message.text !== facts.name && (
        <span className={styles.caption}>
          <LinkedText text={message.text} />
        </span>
      )}
    </>
  )
}

function Reaction({ emoji }: { emoji: string | null }) {
  const t = useTranslate()
  return (
    <span className={styles.reaction}>
      {emoji === null ? (
        <Icon of={contentWords('reaction').icon} size={14} />
      ) : (
        <span className={styles.emoji}>{emoji}</span>
      )}
      {t('content.reaction')}
    </span>
  )
}

const TICKS = {
  pending: { icon: Clock, words: 'mark.pending', className: undefined },
  sent: { icon: Check, words: 'mark.sent', className: undefined },
  delivered: { icon: CheckCheck, words: 'mark.delivered', className: undefined },
  read: { icon: CheckCheck, words: 'mark.read', className: styles.read },
} as const satisfies Record<
  string,
  { icon: typeof Clock; words: MessageId; className: string | undefined }
>

function Footer({ entry: { message, outbox } }: { entry: MessageEntry }) {
  const t = useTranslate()
  const language = useLanguage()
  const offline = useConnection()?.state === 'offline'
  const now = useNow('minute')
  const at = Date.parse(message.sentAt)
  const tick =
    message.direction === 'inbound' || message.status === 'failed'
      ? null
      : TICKS[outbox ? 'pending' : message.status]
  const waits = outbox === 'waiting' && offline
  return (
    <span className={styles.footer}>
      <time dateTime={message.sentAt} title={exactMoment(at, now, language)}>
        {clockTime(at)}
      </time>
      {waits && <span>· {t('message.waitsForConnection')}</span>}
      {tick && (
        <span className={tick.className} title={t(tick.words)}>
          <Icon of={tick.icon} size={14} />
          <OnlyRead>{t(tick.words)}</OnlyRead>
        </span>
      )}
    </span>
  )
}
