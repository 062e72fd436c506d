import type { InboxList as List, InboxView } from '@parley/contracts'
import { useCallback, useEffect, useState } from 'react'

import { useCommand } from '../../app/commands.ts'
import { useOwnMoves } from '../../app/own-moves.ts'
import { useExtent, useIsPartial } from '../../bridge/use-is-partial.ts'
import { useRead } from '../../bridge/use-read.ts'
import { useConnection, useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Count } from '../../ui/count.tsx'
import { NoticeAt } from '../../ui/notice.tsx'
import text from '../../ui/text.module.css'
import { useHand } from '../../ui/use-hand.ts'
import { WhenRead } from '../../ui/when-read.tsx'
import { EmptyList } from './empty-list.tsx'
import { InboxList } from './inbox-list.tsx'
import styles from './inbox-pane.module.css'
import { turned } from './list-sections.tsx'
import { type ListWay, askedFor, setListWay, useListWay, useShownView } from './list-state.ts'
import { ListWayMenu } from './list-way-menu.tsx'
import { viewTitle } from './section-words.ts'
import { useClaimNext } from './use-claim-next.ts'
import { useFrozenList } from './use-frozen-list.ts'

const FIRST_LIMIT = 300
const MOST = 5000
/** Time enough for an action's effect to come back from the engine. */
const SETTLES_AFTER_MS = 1000

export function InboxPane() {
  const t = useTranslate()
  const view = useShownView()
  const directory = useDirectory()
  const offline = useConnection()?.state === 'offline'
  const way = useListWay(view)
  const listName = JSON.stringify({ view, way })
  const read = useInboxList(view, way, listName)
  // Online the server has said the rest by then.
  const extent = useExtent(read.value)
  // Sections below one's own may reach less far than the list itself.
  const isPartlyHere = useIsPartial(
    read.value && { isPartial: read.value.sections.some((section) => section.isPartial) },
  )
  const hand = useHand('[role="listbox"]')
  const hasJustMoved = useHasJustMoved()
  const { sections, changes, settle } = useFrozenList(
    read.value?.sections,
    hand.isIn && !hasJustMoved,
    listName,
  )
  const claimNext = useClaimNext()
  const ownTeam = view.kind === 'team' ? view.teamId : null
  useCommand('list.dueFirst', view.kind === 'closed' ? null : () => setListWay(view, turned(way)))
  useCommand('queue.claimNext', offline ? null : () => void claimNext(ownTeam))
  const title = viewTitle(view, t, directory)

  return (
    <section className={styles.pane} aria-label={t('list.label')} data-pane="list" {...hand.props}>
      <header className={styles.head}>
        <h1 className={classNames(text.title, text.cut)}>{title}</h1>
        <span className={classNames(text.meta, text.digits)}>
          {read.value && <Count of={read.value.total} isAtLeast={extent === 'here'} />}
        </span>
        <span className={text.grow} />
        {changes > 0 && (
          <Button size="small" look="quiet" onClick={settle} aria-live="polite">
            {t('list.changes', { count: changes })}
          </Button>
        )}
        {view.kind !== 'closed' && <ListWayMenu view={view} way={way} />}
      </header>
      <WhenRead read={read} failed={t('list.failed')}>
        {() =>
          sections.every((section) => section.rows.length === 0) ? (
            <EmptyList
              view={view}
              way={way}
              extent={extent}
              onClaimNext={offline ? null : () => void claimNext(ownTeam)}
            />
          ) : (
            <InboxList
              key={listName}
              sections={sections}
              saysPartial={isPartlyHere}
              label={title}
              onNearEnd={read.showMore}
              onClaimNext={(teamId) => void claimNext(teamId)}
            />
          )
        }
      </WhenRead>
      {/* Below the list, so that no row moves when it is said. */}
      {extent === 'here' && <p className={styles.partial}>{t('list.partial')}</p>}
      <NoticeAt place="list" />
    </section>
  )
}

/** The list, and more of it when its end comes into view; what was read stays until more has come. */
function useInboxList(view: InboxView, way: ListWay, listName: string) {
  const [asked, setAsked] = useState({ listName, limit: FIRST_LIMIT })
  const limit = asked.listName === listName ? asked.limit : FIRST_LIMIT
  const read = useRead('inbox.list', { view, limit, ...askedFor(way) })
  const [last, setLast] = useState<{ listName: string; value: List } | null>(null)
  if (read.value && last?.value !== read.value) setLast({ listName, value: read.value })
  const value = read.value ?? (last?.listName === listName ? last.value : undefined)

  const hasMore =
    value?.sections.some(({ rows, total }) => rows.length >= limit && rows.length < total) ?? false
  const showMore = useCallback(() => {
    if (hasMore && limit < MOST) setAsked({ listName, limit: Math.min(MOST, limit * 3) })
  }, [hasMore, limit, listName])
  return { ...read, value, showMore }
}

/** What one has just done oneself is seen at once, wherever the hand is. */
function useHasJustMoved(): boolean {
  const ownMoves = useOwnMoves()
  const [settledMoves, setSettledMoves] = useState(ownMoves)
  useEffect(() => {
    if (ownMoves === settledMoves) return
    const timer = setTimeout(() => setSettledMoves(ownMoves), SETTLES_AFTER_MS)
    return () => clearTimeout(timer)
  }, [ownMoves, settledMoves])
  return ownMoves !== settledMoves
}
