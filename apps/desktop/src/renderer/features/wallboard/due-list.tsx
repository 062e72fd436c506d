import type { WallboardDue, WallboardView } from '@parley/contracts'
import { CircleCheck, Clock } from 'lucide-react'
import { useState } from 'react'

import { type KeyPress } from '../../app/key-press.ts'
import { isPressOf } from '../../app/keys.ts'
import { type Extent } from '../../bridge/use-is-partial.ts'
import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Avatar, NobodyAvatar } from '../../ui/avatar.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { ChannelGlyph } from '../../ui/channel-glyph.tsx'
import { classNames } from '../../ui/class-names.ts'
import { DueClock } from '../../ui/clock.tsx'
import { Keys } from '../../ui/keys.tsx'
import { PresenceGlyph } from '../../ui/presence-glyph.tsx'
import { PriorityGlyph } from '../../ui/priority-glyph.tsx'
import { SectionHead } from '../../ui/section-head.tsx'
import { SelectedRows, indexOfChosen } from '../../ui/selected-rows.tsx'
import text from '../../ui/text.module.css'
import { useListedActions } from '../conversation/index.ts'
import { shownPresence } from '../presence/index.ts'
import styles from './due-list.module.css'
import { type HeldDue } from './held-due.ts'
import { useHeldDue } from './use-held-due.ts'

interface DueListProps {
  due: readonly WallboardDue[]
  total: WallboardView['dueTotal']
  /** How far they are known. */
  extent: Extent
}

/** What is overdue or nearly so, the first first. One row at a time has the keys. */
export function DueList({ due, total, extent }: DueListProps) {
  const t = useTranslate()
  const [chosen, setChosen] = useState<string | null>(null)
  const { open, assign, takeOver } = useListedActions()
  const { rows, changes, settle, hand } = useHeldDue(due)
  const index = indexOfChosen(rows, keyOf, chosen)
  const current = rows[index]?.isGone ? undefined : rows[index]?.due
  const onKey = (event: KeyPress): (() => void) | null => {
    if (current === undefined) return null
    if (isPressOf('watch.assign', event)) return () => assign(current)
    if (isPressOf('watch.takeOver', event)) return () => void takeOver(current)
    return null
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
        <NothingDue extent={extent} />
      ) : (
        <div className={styles.place} {...hand}>
          <SelectedRows
            id="due"
            label={t('wallboard.due')}
            rows={rows}
            keyOf={keyOf}
            chosen={chosen}
            onChoose={setChosen}
            onOpen={(row) => open(row.due)}
            onKey={onKey}
            actsFromNowhere
            lookOf={({ isGone }) => classNames(styles.row, isGone && styles.gone)}
            dataOf={(row) => ({ 'data-conversation-id': keyOf(row) })}
          >
            {(row) => <DueRow row={row} />}
          </SelectedRows>
          {/* Beside the list, over the chosen row: an option holds no button. */}
          <span className={styles.action} style={{ top: index * ROW_HEIGHT }}>
            <Button
              size="small"
              look="primary"
              keysOf="watch.takeOver"
              disabled={current === undefined}
              onClick={() => current && void takeOver(current)}
            >
              {t('action.takeOver')}
            </Button>
          </span>
        </div>
      )}
    </section>
  )
}

/** In a place of its own height, also before it is known. */
function NothingDue({ extent }: { extent: Extent }) {
  const t = useTranslate()
  if (extent === 'unknown') return <div style={{ height: NOTHING_HEIGHT }} />
  const title = t(extent === 'all' ? 'wallboard.nothingDue' : 'wallboard.nothingDueHere')
  return (
    <Blank icon={extent === 'all' ? CircleCheck : Clock} title={title} height={NOTHING_HEIGHT} />
  )
}

const NOTHING_HEIGHT = 120
const keyOf = ({ due }: HeldDue) => due.conversationId

const ROW_HEIGHT = 36

function DueRow({ row: { due, isGone } }: { row: HeldDue }) {
  const t = useTranslate()
  const { teams } = useDirectory()
  return (
    <>
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
    </>
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
