import type { Abilities, ConversationView } from '@parley/contracts'
import { Inbox, MessagesSquare } from 'lucide-react'
import { useRef, useState } from 'react'

import { useViewState } from '../../app/view-state.ts'
import { useIsSlow, useRead, useReadAll } from '../../bridge/use-read.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Blank, FailedBlank } from '../../ui/blank.tsx'
import { classNames } from '../../ui/class-names.ts'
import { NoticeAt } from '../../ui/notice.tsx'
import { Bone } from '../../ui/skeleton.tsx'
import { Composer, type ComposerHandle } from '../composer/index.ts'
import { CustomerPanel, useCustomerPanel } from '../customer/index.ts'
import { ConversationHeader } from './conversation-header.tsx'
import styles from './conversation-pane.module.css'
import { RefusedBlock } from './refused-block.tsx'
import { ThreadSkeleton } from './thread-skeleton.tsx'
import { Thread } from './thread.tsx'
import { useConversationActions } from './use-conversation-actions.ts'

/** What is open: a conversation with its customer, or what to do where none is. */
export function ConversationPane() {
  const conversationId = useViewState((state) => state.conversationId)
  return (
    <main className={styles.main}>
      {conversationId === null ? <NothingOpen /> : <Opened conversationId={conversationId} />}
    </main>
  )
}

interface Shown {
  conversation: ConversationView
  /** It has left this person's reach; what they wrote for it has not. */
  isGone: boolean
}

const NOTHING_ALLOWED: Abilities = {
  reply: false,
  claim: false,
  assign: false,
  transfer: false,
  release: false,
  takeOver: false,
  close: false,
  reopen: false,
  setPriority: false,
}

/**
 * The open conversation. For the moment until it is read, the one before stays in view, out of reach, so
 * that nothing flickers; and each is drawn anew, so that nothing is carried over from one to the other.
 */
function Opened({ conversationId }: { conversationId: string }) {
  const t = useTranslate()
  const { value, error, readAgain } = useRead('conversation.get', { conversationId })
  const slow = useIsSlow(value === undefined && error === null)
  const [last, setLast] = useState<Shown | null>(null)
  if (value && last?.conversation !== value) setLast({ conversation: value, isGone: false })
  if (value === null && last?.isGone === false) {
    const { conversation } = last
    const left = { ...conversation, abilities: NOTHING_ALLOWED, refused: [] }
    setLast(conversation.row.id === conversationId ? { conversation: left, isGone: true } : null)
  }
  const waits = value === undefined && !error && !slow
  const isLast = last?.conversation.row.id === conversationId
  const shown = value || waits || (value === null && isLast) ? last : null
  if (shown) {
    const isCurrent = shown.conversation.row.id === conversationId
    return (
      <div className={styles.main} inert={!isCurrent}>
        <Conversation
          key={shown.conversation.row.id}
          {...shown}
          isCurrent={isCurrent && !shown.isGone}
        />
      </div>
    )
  }
  return (
    <section
      className={styles.conversation}
      aria-label={t('conversation.label')}
      data-pane="conversation"
    >
      {value === null ? (
        <Gone conversationId={conversationId} />
      ) : error ? (
        <FailedBlank title={t('conversation.failed')} error={error} onRetry={readAgain} />
      ) : (
        slow && (
          <>
            <div className={styles.headSkeleton} aria-busy="true">
              <Bone width={180} height={13} />
              <Bone width={320} height={11} />
            </div>
            <ThreadSkeleton />
          </>
        )
      )}
    </section>
  )
}

/** Nothing of it is left but what one wanted done there and the server refused: that waits to be decided here, too. */
function Gone({ conversationId }: { conversationId: string }) {
  const t = useTranslate()
  const { value: intents } = useReadAll('outbox.list')
  const refused = (intents ?? []).filter(
    (intent) => intent.state === 'refused' && intent.conversationId === conversationId,
  )
  return (
    <>
      <Blank icon={MessagesSquare} title={t('conversation.gone')}>
        {t('conversation.goneWords')}
      </Blank>
      {refused.length > 0 && (
        <div className={styles.refused}>
          {refused.map((intent) => (
            <RefusedBlock key={intent.intentId} intent={intent} onEdit={null} />
          ))}
        </div>
      )}
    </>
  )
}

function Conversation({ conversation, isGone, isCurrent }: Shown & { isCurrent: boolean }) {
  const t = useTranslate()
  const panel = useCustomerPanel()
  const actions = useConversationActions(conversation, isCurrent)
  const composer = useRef<ComposerHandle>(null)
  const { row, abilities } = conversation
  const edit = abilities.reply ? (words: string) => composer.current?.insert(words) : null
  return (
    <div
      className={classNames(
        styles.main,
        panel.isOpen && !isGone && !panel.isOverlay && styles.withPanel,
      )}
    >
      <section
        className={styles.conversation}
        aria-label={t('conversation.with', { name: row.title })}
        data-pane="conversation"
        data-open-conversation={row.id}
      >
        {!isGone && (
          <ConversationHeader conversation={conversation} isCurrent={isCurrent} actions={actions} />
        )}
        {isGone ? (
          <Gone conversationId={row.id} />
        ) : (
          <Thread conversation={conversation} onEdit={edit} />
        )}
        <div className={styles.noticeRoom}>
          <NoticeAt place={`conversation:${row.id}`} />
        </div>
        <Composer conversation={conversation} isGone={isGone} actions={actions} ref={composer} />
      </section>
      {panel.isOpen && !isGone && (
        <CustomerPanel
          conversation={conversation}
          isOverlay={panel.isOverlay}
          onClose={panel.toggle}
        />
      )}
    </div>
  )
}

function NothingOpen() {
  const t = useTranslate()
  return (
    <section className={styles.conversation} aria-label={t('conversation.label')}>
      <Blank icon={Inbox} title={t('conversation.none')}>
        {t('conversation.noneWords')}
      </Blank>
    </section>
  )
}
