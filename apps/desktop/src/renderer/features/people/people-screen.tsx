import { type ReactNode } from 'react'

import { useViewState } from '../../app/view-state.ts'
import { type Screens } from '../../contributions/contributed.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Parts } from '../../ui/form/panel.tsx'
import { Screen } from '../../ui/screen.tsx'
import { AccessPanel } from './access-panel.tsx'
import { PeoplePanel } from './people-panel.tsx'
import { SignOnPanel } from './sign-on-panel.tsx'
import { TeamsPanel } from './teams-panel.tsx'

type Part = Screens['people']['part']

const PANELS = {
  people: PeoplePanel,
  teams: TeamsPanel,
  access: AccessPanel,
  signOn: SignOnPanel,
} as const satisfies Record<Part, () => ReactNode>
const PARTS = Object.keys(PANELS) as Part[]

/** Who is here, in which teams, and how they get in. */
export function PeopleScreen({ part }: { part: Part }) {
  const t = useTranslate()
  const showScreen = useViewState((state) => state.showScreen)
  const Shown = PANELS[part]
  return (
    <Screen title={t('people.title')}>
      <Parts
        value={part}
        options={PARTS.map((value) => ({ value, label: t(`people.part.${value}`) }))}
        onChange={(value) => showScreen({ kind: 'people', part: value })}
      />
      <Shown />
    </Screen>
  )
}
