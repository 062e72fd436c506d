import type { QueueEntry, QueueOutput, SlaClockRow } from '@parley/contracts'
import { Inbox } from 'lucide-react'
import { useState } from 'react'

import { type KeyPress } from '../../app/key-press.ts'
import { isPressOf } from '../../app/keys.ts'
import { useDirectory } from '../../bridge/views.ts'
import { when } from '../../i18n/phrases.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { ChannelGlyph } from '../../ui/channel-glyph.tsx'
import { classNames } from '../../ui/class-names.ts'
import { DueClock } from '../../ui/clock.tsx'
import { PriorityGlyph } from '../../ui/priority-glyph.tsx'
import { SelectedRows, indexOfChosen } from '../../ui/selected-rows.tsx'
import text from '../../ui/text.module.css'
import { useNow } from '../../ui/use-now.ts'
import { skillList } from '../../ui/skill-words.ts'
import { useListedActions } from '../conversation/index.ts'
import styles from './queue-screen.module.css'
import { expectedWords, waitWords, waitedWords } from './queue-words.ts'

interface QueueTableProps {
  queue: QueueOutput
  isOnline: boolean
}

/** Who waits, the next one first. One row at a time has the keys: move, open, assign, take over. */
export function QueueTable({ queue, isOnline }: QueueTableProps) {
  const t = useTranslate()
  const [chosen, setChosen] = useState<string | null>(null)
  // Nobody has them yet: taking one over is claiming it.
  const { open, assign, takeOver } = useListedActions()
  const { entries } = queue
  if (entries.length === 0) {
    return <Blank icon={Inbox} title={t('watch.empty')} />
  }
  const current = entries[indexOfChosen(entries, keyOf, chosen)] as QueueEntry
  const onKey = (event: KeyPress): (() => void) | null => {
    if (!isOnline) return null
    if (isPressOf('watch.assign', event)) return () => assign(current)
    if (isPressOf('watch.takeOver', event)) return () => void takeOver(current)
    return null
  }
  return (
    <>
      <div className={styles.heads} aria-hidden="true">
        <span>{t('watch.position')}</span>
        <span>{t('watch.waits')}</span>
        <span>{t('watch.customer')}</span>
        <span>{t('watch.expected')}</span>
        <span>{t('watch.waitsFor')}</span>
      </div>
      <SelectedRows
        id="queue"
        label={t('watch.list')}
        rows={entries}
        keyOf={keyOf}
        chosen={chosen}
        onChoose={setChosen}
        onOpen={open}
        onKey={onKey}
        actsFromNowhere
        scrolls
        lookOf={() => styles.row}
        dataOf={({ conversationId, waitsFor }) => ({
          'data-conversation-id': conversationId,
          'data-waits-for': waitsFor.kind,
        })}
      >
        {(entry) => <QueueRow entry={entry} />}
      </SelectedRows>
      <footer className={styles.actions}>
        <span className={classNames(text.grow, text.cut)}>
          {current.customerName ?? t('watch.unnamed')}
        </span>
        <Button look="line" onClick={() => open(current)} keysOf="list.open">
          {t('watch.open')}
        </Button>
        <Button
          look="line"
          disabled={!isOnline}
          onClick={() => assign(current)}
          keysOf="watch.assign"
          aria-haspopup="dialog"
        >
          {t('action.assign')}
        </Button>
        <Button
          look="primary"
          disabled={!isOnline}
          onClick={() => void takeOver(current)}
          keysOf="watch.takeOver"
        >
          {t('action.takeOver')}
        </Button>
      </footer>
    </>
  )
}

/** Four fifths, as most teams have it. */
const WARNING_FRACTION = 0.8

/** The server tells of the nearest clock only when it is due; it is taken to have begun with the wait. */
function clockOf(entry: QueueEntry, dueAt: string): SlaClockRow {
  const [begins, ends] = [Date.parse(entry.queuedAt), Date.parse(dueAt)]
  return {
    name: 'first_response',
    state: 'running',
    startedAt: entry.queuedAt,
    targetSeconds: Math.max(0, Math.round((ends - begins) / 1000)),
    warnsAt: new Date(begins + Math.max(0, ends - begins) * WARNING_FRACTION).toISOString(),
    dueAt,
    tookSeconds: null,
    isMissed: false,
  }
}

const keyOf = ({ conversationId }: QueueEntry) => conversationId

function QueueRow({ entry }: { entry: QueueEntry }) {
  const t = useTranslate()
  const now = useNow('second')
  const { people } = useDirectory()
  const nameOf = (id: string) => people.get(id)?.fullName ?? t('person.somebody')
  const skills = skillList(entry.requiredSkills, t)
  const waits = waitWords(entry.waitsFor, t, nameOf, now)
  return (
    <>
      <span className={classNames(text.meta, text.digits)}>{entry.position}</span>
      <span className={styles.waited}>
        {entry.nextDueAt === null ? (
          <span className={text.digits}>{waitedWords(entry, now)}</span>
        ) : (
          <DueClock clock={clockOf(entry, entry.nextDueAt)} />
        )}
      </span>
      <span className={styles.customer}>
        <ChannelGlyph channel={entry.channel} />
        <span className={text.cut}>{entry.customerName ?? t('watch.unnamed')}</span>
        <PriorityGlyph priority={entry.priority} />
        {skills !== '' && <span className={classNames(text.meta, text.cut)}>{skills}</span>}
      </span>
      <span className={text.digits}>{expectedWords(entry.expectedWaitSeconds, t)}</span>
      <span className={styles.waitsFor}>
        <span className={text.cut} title={waits}>
          {waits}
        </span>
        {entry.overflowsAt !== null && (
          <span className={classNames(text.meta, text.cut)}>
            {t('watch.overflowsAt', { at: when(Date.parse(entry.overflowsAt), t) })}
          </span>
        )}
      </span>
    </>
  )
}
