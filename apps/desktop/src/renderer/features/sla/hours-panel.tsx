import type { BusinessHoursOutput } from '@parley/contracts'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useIsSlow } from '../../bridge/use-read.ts'
import { type ServerRead, useServerRead } from '../../bridge/use-server-read.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { FailedBlank } from '../../ui/blank.tsx'
import { ListSkeleton } from '../../ui/list-skeleton.tsx'
import { type HoursProblems, fromHoursDraft, isSameHours, toHoursDraft } from './hours-draft.ts'
import { HoursForm } from './hours-form.tsx'
import { HoursMeaning } from './hours-meaning.tsx'
import styles from './hours-panel.module.css'
import { SaveFoot } from './save-foot.tsx'
import { hoursDrafts } from './sla-drafts.ts'
import screen from './sla-screen.module.css'
import { useEditing } from './use-editing.ts'

interface HoursPanelProps {
  teamId: string
  isReadOnly: boolean
}

/** When the team works, and what that means. */
export function HoursPanel({ teamId, isReadOnly }: HoursPanelProps) {
  const t = useTranslate()
  const stored = useServerRead('businessHours.get', { teamId })
  const slow = useIsSlow(stored.value === undefined && stored.error === null)
  if (stored.value !== undefined) {
    return <Editor teamId={teamId} isReadOnly={isReadOnly} stored={stored} value={stored.value} />
  }
  if (stored.error === null) return slow && <ListSkeleton />
  return <FailedBlank title={t('hours.failed')} error={stored.error} onRetry={stored.readAgain} />
}

function Editor({
  teamId,
  isReadOnly,
  stored,
  value,
}: HoursPanelProps & { stored: ServerRead<BusinessHoursOutput>; value: BusinessHoursOutput }) {
  const ask = useAsk()
  const editing = useEditing({
    teamId,
    stored,
    value,
    drafts: hoursDrafts,
    toDraft: toHoursDraft,
    read: (draft) => fromHoursDraft(draft).settings,
    isSame: isSameHours,
    get: () => ask('businessHours.get', { teamId }),
    preview: (settings) => ask('businessHours.preview', { teamId, settings }),
    save: (settings, basedOn) => ask('businessHours.save', { teamId, settings, basedOn }),
  })
  const { draft, wasTried } = editing
  const { problems, calendar } = fromHoursDraft(draft)
  return (
    <form
      className={screen.panel}
      data-settings-version={value.version}
      onSubmit={(event) => {
        event.preventDefault()
        void (editing.effect === null ? editing.previewEffect() : editing.saveNow())
      }}
    >
      <div className={screen.body}>
        <div className={styles.columns}>
          <HoursForm
            draft={draft}
            problems={wasTried ? problems : ofWritten(draft, problems)}
            isReadOnly={isReadOnly || editing.busy}
            onChange={editing.change}
          />
          <HoursMeaning teamId={teamId} draft={draft} calendar={calendar} />
        </div>
      </div>
      {!isReadOnly && <SaveFoot editing={editing} hasProblems={wasTried && problems.size > 0} />}
    </form>
  )
}

/** What stands empty is not wrong yet: it is being written. */
function ofWritten(
  { days, holidays }: ReturnType<typeof toHoursDraft>,
  problems: HoursProblems,
): HoursProblems {
  const unwritten = new Set([
    ...days
      .flat()
      .filter(({ opensAt, closesAt }) => opensAt === '' || closesAt === '')
      .map(({ key }) => key),
    ...holidays.filter(({ date, name }) => date === '' || name === '').map(({ key }) => key),
  ])
  return new Map([...problems].filter(([key]) => !unwritten.has(key)))
}
