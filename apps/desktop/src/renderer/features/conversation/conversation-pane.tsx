import type { ConversationView } from '@parley/contracts'
import { Inbox, MessagesSquare } from 'lucide-react'
import { useRef, useState } from 'react'

import { useViewState } from '../../app/view-state.ts'
import { useIsSlow, useRead } from '../../bridge/use-read.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Blank, FailedBlank } from '../../ui/blank.tsx'
import { classNames } from '../../ui/class-names.ts'
import { NoticeAt } from '../../ui/notice.tsx'
import { Bone } from '../../ui/skeleton.tsx'
import { Composer, type ComposerHandle } from '../composer/index.ts'
import { CustomerPanel, useCustomerPanel } from '../customer/index.ts'
import { ConversationHeader } from './conversation-header.tsx'
import styles from './conversation-pane.module.css'
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

/**
 * The open conversation. For the moment until it is read, the one before stays in view, out of reach, so
 * that nothing flickers; and each is drawn anew, so that nothing is carried over from one to the other.
 */
function Opened({ conversationId }: { conversationId: string }) {
  const t = useTranslate()
  const { value, error, readAgain } = useRead('conversation.get', { conversationId })
  const slow = useIsSlow(value === undefined && error === null)
  const [before, setBefore] = useState<ConversationView | null>(null)
  if (value && before !== value) setBefore(value)
  const shown = value ?? (value === undefined && !error && !slow ? before : null)
  if (shown) {
    const isCurrent = shown.row.id === conversationId
    return (
      <div className={styles.main} inert={!isCurrent}>
        <Conversation key={shown.row.id} conversation={shown} isCurrent={isCurrent} />
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
        <Blank icon={MessagesSquare} title={t('conversation.gone')}>
          {t('conversation.goneWords')}
        </Blank>
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

function Conversation({
  conversation,
  isCurrent,
}: {
  conversation: ConversationView
  isCurrent: boolean
}) {
  const t = useTranslate()
  const panel = useCustomerPanel()
  const actions = useConversationActions(conversation, isCurrent)
  const composer = useRef<ComposerHandle>(null)
  const { row, abilities } = conversation
  const edit = abilities.reply ? (words: string) => composer.current?.insert(words) : null
  return (
    <div className={classNames(styles.main, panel.isOpen && !panel.isOverlay && styles.withPanel)}>
      <section
        className={styles.conversation}
        aria-label={t('conversation.with', { name: row.title })}
        data-pane="conversation"
        data-open-conversation={row.id}
      >
        <ConversationHeader conversation={conversation} isCurrent={isCurrent} actions={actions} />
        <Thread conversation={conversation} onEdit={edit} />
        <div className={styles.noticeRoom}>
          <NoticeAt place={`conversation:${row.id}`} />
        </div>
        <Composer conversation={conversation} actions={actions} ref={composer} />
      </section>
      {panel.isOpen && (
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
