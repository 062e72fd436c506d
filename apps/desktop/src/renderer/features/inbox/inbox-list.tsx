import type { ConnectionView } from '@parley/contracts'
import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'

import { useCommand } from '../../app/commands.ts'
import { useViewState } from '../../app/view-state.ts'
import { useConnection, useDirectory } from '../../bridge/views.ts'
import { clockTime } from '../../i18n/moments.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Keys } from '../../ui/keys.tsx'
import { Count } from '../../ui/count.tsx'
import text from '../../ui/text.module.css'
import { type FrozenSection } from './frozen-order.ts'
import styles from './inbox-list.module.css'
import { InboxRow, rowElementId } from './inbox-row.tsx'
import { HEADER_HEIGHT, ROW_HEIGHT, layOut } from './list-layout.ts'
import { useListState } from './list-state.ts'
import { sectionTitle } from './section-words.ts'

interface InboxListProps {
  sections: readonly FrozenSection[]
  /** It has been of this device alone for long enough to be said. */
  saysPartial: boolean
  label: string
  /** The end of what was read is in view: there is more. */
  onNearEnd: () => void
  onClaimNext: (teamId: string | null) => void
}

export function InboxList({
  sections,
  saysPartial,
  label,
  onNearEnd,
  onClaimNext,
}: InboxListProps) {
  const openId = useViewState((state) => state.conversationId)
  const openConversation = useViewState((state) => state.openConversation)
  const { people } = useDirectory()
  const scroller = useRef<HTMLDivElement>(null)
  const listbox = useRef<HTMLDivElement>(null)
  const layout = useMemo(() => layOut(sections), [sections])
  const { rows } = layout

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.row.id ?? index,
    overscan: 8,
    // The headers are part of the canvas but not items; a screenful more above and below covers them.
    paddingEnd: layout.height - rows.length * ROW_HEIGHT,
  })

  const [wantedId, setActiveId] = useState<string | null>(null)
  const active = rows.findIndex((placed) => placed.row.id === (wantedId ?? openId))
  const activeId = rows[active]?.row.id ?? null

  const reveal = useCallback(
    (index: number) => {
      const element = scroller.current
      const placed = rows[index]
      if (!element || !placed) return
      // Under the sticky header nothing can be seen; the first row shows its header as well.
      const top = placed.top - HEADER_HEIGHT
      const bottom = placed.top + ROW_HEIGHT
      if (top < element.scrollTop) element.scrollTop = top
      else if (bottom > element.scrollTop + element.clientHeight)
        element.scrollTop = bottom - element.clientHeight
    },
    [rows],
  )
  const moveTo = (index: number) => {
    const placed = rows[Math.min(rows.length - 1, Math.max(0, index))]
    if (!placed) return
    setActiveId(placed.row.id)
    reveal(rows.indexOf(placed))
    listbox.current?.focus({ preventScroll: true })
  }
  const open = useCallback(
    (conversationId: string) => {
      setActiveId(conversationId)
      openConversation(conversationId)
    },
    [openConversation],
  )
  const openAt = (index: number) => {
    const placed = rows[index]
    if (!placed) return
    open(placed.row.id)
    reveal(index)
  }

  useListCommands({ rows, active, moveTo, openAt })

  const wantsFocus = useListState((state) => state.wantsFocus)
  useEffect(() => {
    if (!wantsFocus) return
    listbox.current?.focus({ preventScroll: true })
    useListState.setState({ wantsFocus: false })
  }, [wantsFocus])

  const shown = virtualizer.getVirtualItems()
  const last = virtualizer.range?.endIndex ?? 0
  useLayoutEffect(() => {
    if (rows.length > 0 && last >= rows.length - 20) onNearEnd()
  }, [last, rows.length, onNearEnd])

  const onKeyDown = (event: KeyboardEvent) => {
    const step = KEY_STEPS[event.key]
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (step)
      moveTo(
        step(active, rows.length, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT)),
      )
    else if ((event.key === 'Enter' || event.key === ' ') && active >= 0) openAt(active)
    else return
    event.preventDefault()
  }

  return (
    <div className={styles.scroll} ref={scroller}>
      <div className={styles.canvas} style={{ height: layout.height }}>
        <div
          ref={listbox}
          role="listbox"
          aria-label={label}
          tabIndex={0}
          data-pane-focus
          className={styles.rows}
          {...(activeId ? { 'aria-activedescendant': rowElementId(activeId) } : {})}
          onKeyDown={onKeyDown}
        >
          {layout.sections.map(({ name, first, section }) => (
            // Its name is drawn beside the list, because it has a button and a list has none.
            <div key={name} role="group" aria-labelledby={headingId(name)}>
              {shown.map(({ index, key }) => {
                const placed = rows[index]
                if (!placed || index < first || index >= first + section.rows.length) return null
                const { row, top, isGone } = placed
                return (
                  <InboxRow
                    key={key}
                    row={row}
                    top={top}
                    isGone={isGone}
                    isOpen={row.id === openId}
                    isActive={index === active}
                    position={index + 1}
                    setSize={rows.length}
                    assignee={row.assignedTo === null ? undefined : people.get(row.assignedTo)}
                    onOpen={open}
                  />
                )
              })}
            </div>
          ))}
        </div>
        {layout.sections.map(({ name, section, top, height }) => (
          <div key={name} className={styles.section} style={{ top, height }}>
            <SectionHeader
              id={headingId(name)}
              section={section}
              isAtLeast={saysPartial && section.isPartial}
              onClaimNext={onClaimNext}
            />
          </div>
        ))}
      </div>
    </div>
  )
}

const KEY_STEPS: Record<string, (active: number, count: number, page: number) => number> = {
  ArrowDown: (active) => active + 1,
  ArrowUp: (active) => active - 1,
  PageDown: (active, _, page) => active + page,
  PageUp: (active, _, page) => active - page,
  Home: () => 0,
  End: (_, count) => count - 1,
}

const headingId = (section: string) => `list-section-${section.replaceAll(/\W+/g, '-')}`

function SectionHeader({
  id,
  section,
  isAtLeast,
  onClaimNext,
}: {
  id: string
  section: FrozenSection
  isAtLeast: boolean
  onClaimNext: (teamId: string | null) => void
}) {
  const t = useTranslate()
  const directory = useDirectory()
  const connection = useConnection()
  return (
    <div className={styles.header}>
      <h2 id={id} className={text.cut} style={{ font: 'inherit' }}>
        {sectionTitle(section, t, directory)}
      </h2>
      <span className={text.digits}>
        <Count of={section.total} isAtLeast={isAtLeast} />
      </span>
      {/* Nobody waits: nothing to claim. Offline even that is only how it was. */}
      {section.key === 'queue' && (section.total > 0 || connection?.state === 'offline') && (
        <QueueHeaderEnd connection={connection} onClaimNext={() => onClaimNext(section.teamId)} />
      )}
    </div>
  )
}

/** Online, the way to the next one; offline, how old what is shown is. */
function QueueHeaderEnd({
  connection,
  onClaimNext,
}: {
  connection: ConnectionView | undefined
  onClaimNext: () => void
}) {
  const t = useTranslate()
  if (connection?.state === 'offline') {
    const at = connection.syncedAt ?? connection.since
    return (
      <span className={styles.headerEnd}>{t('queue.asOf', { at: clockTime(Date.parse(at)) })}</span>
    )
  }
  return (
    <button type="button" className={styles.headerEnd} onClick={onClaimNext}>
      <span className={styles.claimWords}>{t('queue.claimNext')}</span>
      <Keys of="queue.claimNext" />
    </button>
  )
}

interface ListCommands {
  rows: ReturnType<typeof layOut>['rows']
  active: number
  moveTo: (index: number) => void
  openAt: (index: number) => void
}

function useListCommands({ rows, active, moveTo, openAt }: ListCommands): void {
  const some = rows.length > 0
  useCommand('list.down', some ? () => moveTo(active + 1) : null)
  useCommand('list.up', some ? () => moveTo(active - 1) : null)
  useCommand('list.openNth', some ? (nth) => openAt(nth) : null)

  const after = [...rows.slice(active + 1), ...rows.slice(0, active + 1)]
  const unread = after.find(({ row, isGone }) => row.unread > 0 && !isGone)
  useCommand('list.nextUnread', unread ? () => openAt(rows.indexOf(unread)) : null)
}
