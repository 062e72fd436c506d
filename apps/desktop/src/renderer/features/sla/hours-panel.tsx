import type { BusinessHoursOutput } from '@parley/contracts'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { type ServerRead, useServerRead } from '../../bridge/use-server-read.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { useEditing } from '../../ui/form/use-editing.ts'
import { WhenRead } from '../../ui/when-read.tsx'
import { EffectFirstForm } from './effect-first.tsx'
import {
  type HoursDraft,
  type HoursProblems,
  calendarOf,
  fromHoursDraft,
  isSameHours,
  toHoursDraft,
} from './hours-draft.ts'
import { HoursForm } from './hours-form.tsx'
import { HoursMeaning } from './hours-meaning.tsx'
import styles from './hours-panel.module.css'

interface HoursPanelProps {
  teamId: string
  isReadOnly: boolean
}

/** When the team works, and what that means. */
export function HoursPanel({ teamId, isReadOnly }: HoursPanelProps) {
  const t = useTranslate()
  const read = useServerRead('businessHours.get', { teamId })
  return (
    <WhenRead read={read} failed={t('hours.failed')}>
      {(value) => <Hours teamId={teamId} isReadOnly={isReadOnly} read={read} value={value} />}
    </WhenRead>
  )
}

function Hours({
  teamId,
  isReadOnly,
  read,
  value,
}: HoursPanelProps & { read: ServerRead<BusinessHoursOutput>; value: BusinessHoursOutput }) {
  const ask = useAsk()
  const editing = useEditing({
    subject: { screen: 'sla', part: 'hours', teamId },
    stored: { draft: toHoursDraft(value.settings), version: value.version },
    read: fromHoursDraft,
    isSame: isSameHours,
    send: (settings, basedOn) => ask('businessHours.save', { teamId, settings, basedOn }),
    take: (saved: BusinessHoursOutput) => {
      read.put(saved)
      return saved.version
    },
    readAgain: read.readAgain,
  })
  const { draft, reading } = editing
  return (
    <EffectFirstForm
      editing={editing}
      preview={(settings) => ask('businessHours.preview', { teamId, settings })}
      isRecomputing={value.isRecomputing}
      readAgain={read.readAgain}
      isReadOnly={isReadOnly}
    >
      <div className={styles.columns}>
        <HoursForm
          draft={draft}
          problems={editing.problems ?? ofWritten(draft, reading.problems)}
          isReadOnly={isReadOnly}
          onChange={editing.change}
        />
        <HoursMeaning
          teamId={teamId}
          draft={draft}
          calendar={reading.value && calendarOf(reading.value)}
        />
      </div>
    </EffectFirstForm>
  )
}

/** What stands empty is not wrong yet: it is being written. */
function ofWritten({ days, holidays }: HoursDraft, problems: HoursProblems): HoursProblems {
  const unwritten = new Set([
    ...days
      .flat()
      .filter(({ opensAt, closesAt }) => opensAt === '' || closesAt === '')
      .map(({ key }) => key),
    ...holidays.filter(({ date, name }) => date === '' || name === '').map(({ key }) => key),
  ])
  return new Map([...problems].filter(([key]) => !unwritten.has(key)))
}
