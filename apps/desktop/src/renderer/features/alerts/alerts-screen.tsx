import { useViewState } from '../../app/view-state.ts'
import { useReadAll } from '../../bridge/use-read.ts'
import { type Screens } from '../../contributions/contributed.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { PartChoice } from '../../ui/form/panel.tsx'
import { Screen } from '../../ui/screen.tsx'
import { WhenRead } from '../../ui/when-read.tsx'
import { AlertList } from './alert-list.tsx'
import { PreferencesPanel } from './preferences-panel.tsx'

type AlertsPart = Screens['alerts']['part']
const PARTS = ['list', 'preferences'] as const satisfies readonly AlertsPart[]

/** What one is told of: what is open, what is over, and how one wants to be told. */
export function AlertsScreen({ part }: { part: AlertsPart }) {
  const t = useTranslate()
  const showScreen = useViewState((state) => state.showScreen)
  const parts = (
    <PartChoice
      value={part}
      options={PARTS.map((value) => ({ value, label: t(`alerts.part.${value}`) }))}
      onChange={(value) => showScreen({ kind: 'alerts', part: value })}
    />
  )
  return (
    <Screen title={t('alerts.title')} head={parts}>
      {part === 'preferences' ? <PreferencesPanel /> : <OpenAndEnded />}
    </Screen>
  )
}

function OpenAndEnded() {
  const t = useTranslate()
  return (
    <WhenRead read={useReadAll('alerts.list')} failed={t('alerts.failed')}>
      {(alerts) => <AlertList alerts={alerts} />}
    </WhenRead>
  )
}
