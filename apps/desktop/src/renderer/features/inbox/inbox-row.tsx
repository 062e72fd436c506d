import type { InboxRow as Row } from '@parley/contracts'
import { memo } from 'react'

import { Slot } from '../../contributions/slot.tsx'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { ChannelGlyph } from '../../ui/channel-glyph.tsx'
import { classNames } from '../../ui/class-names.ts'
import { DueClock, PlainTime, WaitClock } from '../../ui/clock.tsx'
import { PriorityGlyph } from '../../ui/priority-glyph.tsx'
import text from '../../ui/text.module.css'
import { isAnotherLanguage } from './agent-languages.ts'
import styles from './inbox-row.module.css'
import { RowPreview } from './row-preview.tsx'
import { type RowStateProps } from './row-state.tsx'

export const rowElementId = (conversationId: string) => `row-${conversationId}`

interface InboxRowProps extends RowStateProps {
  top: number
  isOpen: boolean
  isActive: boolean
  position: number
  setSize: number
  onOpen: (conversationId: string) => void
}

export const InboxRow = memo(function InboxRow({
  row,
  top,
  isGone,
  isOpen,
  isActive,
  position,
  setSize,
  assignee,
  onOpen,
}: InboxRowProps) {
  const t = useTranslate()
  const language = useLanguage()
  return (
    <div
      role="option"
      id={rowElementId(row.id)}
      aria-selected={isOpen}
      aria-setsize={setSize}
      aria-posinset={position}
      data-conversation-id={row.id}
      data-active={isActive}
      className={classNames(
        styles.row,
        row.unread > 0 && !isGone && styles.unread,
        isGone && styles.gone,
      )}
      style={{ top }}
      onClick={() => onOpen(row.id)}
    >
      <ChannelGlyph channel={row.channel} />
      <div className={text.line}>
        <span className={styles.who}>
          <span className={text.cut}>{row.title}</span>
          {row.language && isAnotherLanguage(row.language, language) && (
            <span className={styles.language}>{row.language}</span>
          )}
        </span>
        {!isGone && <ClockSlot row={row} />}
      </div>
      <span className={styles.priority}>
        {!isGone && <PriorityGlyph priority={row.priority} />}
      </span>
      <div className={text.line}>
        {isGone ? (
          <span className={classNames(text.grow, text.cut, styles.preview)}>{t('row.gone')}</span>
        ) : (
          <RowPreview preview={row.preview} />
        )}
        <span className={styles.end}>
          <Slot of="inboxRow" row={row} isGone={isGone} assignee={assignee} />
        </span>
      </div>
    </div>
  )
})

/** The nearest promise; without one, how long the customer waits; without a wait, when it last moved. */
function ClockSlot({ row }: { row: Row }) {
  if (row.clock !== null) return <DueClock clock={row.clock} />
  const since = parse(row.waitingSince)
  if (since !== null && row.status !== 'closed') return <WaitClock since={since} />
  const at = parse(row.closedAt) ?? parse(row.lastMessageAt)
  return at === null ? null : <PlainTime at={at} />
}

const parse = (instant: string | null) => (instant === null ? null : Date.parse(instant))
