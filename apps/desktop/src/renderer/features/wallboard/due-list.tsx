import type { WallboardDue, WallboardView } from '@parley/contracts'
import { CircleCheck } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'

import { useCommand } from '../../app/commands.ts'
import { isPressOf } from '../../app/keys.ts'
import { noteOwnMove } from '../../app/own-moves.ts'
import { useViewState } from '../../app/view-state.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { errorWords } from '../../bridge/error-words.ts'
import { useDirectory, useMe } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Avatar, NobodyAvatar } from '../../ui/avatar.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { ChannelGlyph } from '../../ui/channel-glyph.tsx'
import { classNames } from '../../ui/class-names.ts'
import { DueClock } from '../../ui/clock.tsx'
import { Keys } from '../../ui/keys.tsx'
import { notify } from '../../ui/notice-state.ts'
import { PresenceGlyph } from '../../ui/presence-glyph.tsx'
import { PriorityGlyph } from '../../ui/priority-glyph.tsx'
import text from '../../ui/text.module.css'
import { shownPresence } from '../presence/index.ts'
import styles from './due-list.module.css'
import { type HeldDue } from './held-due.ts'
import { SectionHead } from '../../ui/section-head.tsx'
import { useHeldDue } from './use-held-due.ts'

interface DueListProps {
  due: readonly WallboardDue[]
  total: WallboardView['dueTotal']
}

/** What is overdue or due within the hour, the first first. One row at a time has the keys. */
export function DueList({ due, total }: DueListProps) {
  const t = useTranslate()
  const list = useRef<HTMLDivElement>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const actions = useDueActions()
  const { rows, changes, settle, hand } = useHeldDue(due)
  const index = Math.max(
    0,
    rows.findIndex((row) => row.due.conversationId === chosen),
  )
  const current = rows[index]?.due
  const isGone = rows[index]?.isGone ?? true
  const move = (to: number) => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, to))]?.due
    if (next === undefined) return
    setChosen(next.conversationId)
    document.getElementById(rowId(next))?.scrollIntoView({ block: 'nearest' })
  }
  // From outside the first key only enters the list: what is marked there is next to be acted upon.
  const moveByKey = (step: 1 | -1) => () => {
    list.current?.focus({ preventScroll: true })
    move(chosen === null ? index : index + step)
  }
  useCommand('list.down', rows.length > 0 ? moveByKey(1) : null)
  useCommand('list.up', rows.length > 0 ? moveByKey(-1) : null)
  const keyAction = (event: KeyboardEvent): (() => void) | null => {
    if (isPressOf('list.down', event) || event.key === 'ArrowDown') return () => move(index + 1)
    if (isPressOf('list.up', event) || event.key === 'ArrowUp') return () => move(index - 1)
    if (event.key === 'Home') return () => move(0)
    if (event.key === 'End') return () => move(rows.length - 1)
    if (current === undefined || isGone) return null
    if (isPressOf('list.open', event)) return () => actions.open(current)
    if (isPressOf('watch.assign', event)) return () => actions.assign(current)
    if (isPressOf('watch.takeOver', event)) return () => void actions.takeOver(current)
    return null
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const run = keyAction(event)
    if (run === null) return
    event.preventDefault()
    run()
  }
  return (
    <section aria-label={t('wallboard.due')}>
      <SectionHead
        title={t('wallboard.due')}
        count={t('wallboard.dueTotal', total)}
        hint={
          <>
            {changes > 0 && (
              <Button size="small" look="quiet" onClick={settle} aria-live="polite">
                {t('list.changes', { count: changes })}
              </Button>
            )}
            <Keys of="list.down" />
            <Keys of="list.up" /> {t('wallboard.move')}
            <Keys of="watch.takeOver" /> {t('wallboard.takeOver')}
            <Keys of="watch.assign" /> {t('wallboard.assign')}
          </>
        }
      />
      {rows.length === 0 ? (
        <div className={styles.blank}>
          <Blank icon={CircleCheck} title={t('wallboard.nothingDue')} />
        </div>
      ) : (
        <div className={styles.place} {...hand}>
          <div
            ref={list}
            role="listbox"
            tabIndex={0}
            className={styles.list}
            data-pane-focus
            aria-label={t('wallboard.due')}
            {...(current ? { 'aria-activedescendant': rowId(current) } : {})}
            onKeyDown={onKeyDown}
          >
            {rows.map((row) => (
              <DueRow
                key={row.due.conversationId}
                row={row}
                isChosen={row.due === current}
                onChoose={() => {
                  setChosen(row.due.conversationId)
                  list.current?.focus({ preventScroll: true })
                }}
                onOpen={() => actions.open(row.due)}
              />
            ))}
          </div>
          {/* Beside the list, over the chosen row: an option holds no button. */}
          <span className={styles.action} style={{ top: index * ROW_HEIGHT }}>
            <Button
              size="small"
              look="primary"
              keysOf="watch.takeOver"
              disabled={isGone}
              onClick={() => current && void actions.takeOver(current)}
            >
              {t('action.takeOver')}
            </Button>
          </span>
        </div>
      )}
    </section>
  )
}

const rowId = ({ conversationId }: WallboardDue) => `due-${conversationId}`

const ROW_HEIGHT = 36

function useDueActions() {
  const t = useTranslate()
  const ask = useAsk()
  const me = useMe()
  const { people } = useDirectory()
  const { openConversation, openDialog } = useViewState()
  const open = ({ conversationId }: WallboardDue) => openConversation(conversationId)
  return {
    open,
    assign: ({ conversationId }: WallboardDue) =>
      openDialog({ kind: 'handover', mode: 'assign', conversationId }),
    takeOver: async (due: WallboardDue) => {
      const { conversationId, assignedTo } = due
      if (assignedTo === me.id) return open(due)
      const method = assignedTo === null ? 'conversation.claim' : 'conversation.takeOver'
      const result = await ask(method, { conversationId })
      if (!result.ok) return notify('window', errorWords(result.error, t, people))
      noteOwnMove()
      open(due)
    },
  }
}

function DueRow({
  row: { due, isGone },
  isChosen,
  onChoose,
  onOpen,
}: {
  row: HeldDue
  isChosen: boolean
  onChoose: () => void
  onOpen: () => void
}) {
  const t = useTranslate()
  const { teams } = useDirectory()
  return (
    <div
      role="option"
      id={rowId(due)}
      aria-selected={isChosen}
      className={classNames(styles.row, isGone && styles.gone)}
      data-conversation-id={due.conversationId}
      onClick={onChoose}
      onDoubleClick={onOpen}
    >
      <span className={styles.clock}>{!isGone && <DueClock clock={due.clock} />}</span>
      <ChannelGlyph channel={due.channel} />
      <span className={styles.who}>
        <span className={text.cut}>{due.title}</span>
        <PriorityGlyph priority={due.priority} />
      </span>
      <span className={classNames(styles.optional, text.cut)}>
        {due.teamId === null ? '' : (teams.get(due.teamId)?.name ?? '')}
      </span>
      <span className={classNames(styles.optional, text.cut)}>
        {t(`clockName.${due.clock.name}`)}
      </span>
      {isGone ? (
        <span className={text.cut}>{t('row.gone')}</span>
      ) : (
        <Owner assignedTo={due.assignedTo} />
      )}
    </div>
  )
}

function Owner({ assignedTo }: Pick<WallboardDue, 'assignedTo'>) {
  const t = useTranslate()
  const { people } = useDirectory()
  if (assignedTo === null) {
    return (
      <span className={styles.owner}>
        <NobodyAvatar />
        <span className={classNames(text.cut, text.meta)}>{t('turn.queued')}</span>
      </span>
    )
  }
  const person = people.get(assignedTo)
  const name = person?.fullName ?? t('person.somebody')
  return (
    <span className={styles.owner}>
      <Avatar id={assignedTo} name={name} size="small" />
      <span className={text.cut}>{name}</span>
      {person && <PresenceGlyph status={shownPresence(person.presence)} />}
    </span>
  )
}
