import type { GetRulesOutput } from '@parley/contracts'
import { type Permission, mayEver } from '@parley/domain'
import { useLayoutEffect, useState } from 'react'

import { useViewState } from '../../app/view-state.ts'
import { type ServerRead, useServerRead } from '../../bridge/use-server-read.ts'
import { useMe } from '../../bridge/views.ts'
import { type Translate } from '../../i18n/translate.ts'
import { type Screens } from '../../contributions/contributed.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { unsavedNow } from '../../ui/form/edits.ts'
import { Parts } from '../../ui/form/panel.tsx'
import { clearNotice, notify } from '../../ui/notice-state.ts'
import { Screen } from '../../ui/screen.tsx'
import text from '../../ui/text.module.css'
import { WhenRead } from '../../ui/when-read.tsx'
import { ModelPanel } from './model-panel.tsx'
import { OrderPanel } from './order-panel.tsx'
import { RulesPanel } from './rules-panel.tsx'
import { TrialPanel } from './trial-panel.tsx'
import { useRules } from './use-rules.ts'
import { useTrial } from './use-trial.ts'
import { VersionsPanel } from './versions-panel.tsx'

type TriagePart = Screens['triage']['part']

/** Who is asked for each part. */
const PARTS = {
  rules: 'triage.read',
  trial: 'triage.manage',
  versions: 'triage.read',
  order: 'triage.read',
  model: 'integration.manage',
} as const satisfies Record<TriagePart, Permission>
const PART_KEYS = Object.keys(PARTS) as TriagePart[]

/** Where new conversations go, and by what: rules and their past, the order of the steps, and the model. */
export function TriageScreen({ part }: { part: TriagePart }) {
  const t = useTranslate()
  const { role } = useMe()
  const showScreen = useViewState((state) => state.showScreen)
  const rules = useServerRead('triage.getRules', { version: null })
  useUnsavedNotice(t)
  const parts = PART_KEYS.filter((key) => mayEver(role, PARTS[key]))
  const shown = parts.includes(part) ? part : 'rules'
  return (
    <Screen title={t('triage.title')} head={rules.value && <VersionMark {...rules.value} />}>
      <Parts
        value={shown}
        options={parts.map((value) => ({ value, label: t(`triage.part.${value}`) }))}
        readOnly={!mayEver(role, 'triage.manage') && t('triage.readOnly')}
        onChange={(value) => showScreen({ kind: 'triage', part: value })}
      />
      {shown === 'model' ? (
        <ModelPanel />
      ) : (
        <WhenRead read={rules} failed={t('triage.failed')}>
          {(stored) => <RulesParts part={shown} stored={stored} readAgain={rules.readAgain} />}
        </WhenRead>
      )}
    </Screen>
  )
}

/** Which version decides at present. */
function VersionMark({ ruleSet: { version } }: GetRulesOutput) {
  const t = useTranslate()
  return (
    <span className={text.meta}>
      {version === 0 ? t('triage.noVersion') : t('triage.versionNow', { version })}
    </span>
  )
}

/** The parts that show or change what the rules say. They share one draft, and a dry run's result stays with it. */
function RulesParts({
  part,
  stored,
  readAgain,
}: {
  part: Exclude<TriagePart, 'model'>
  stored: GetRulesOutput
  readAgain: ServerRead<GetRulesOutput>['readAgain']
}) {
  const { role } = useMe()
  const showScreen = useViewState((state) => state.showScreen)
  const editing = useRules(stored, readAgain)
  const trial = useTrial(editing)
  const [selected, setSelected] = useState<string | null>(null)
  const [version, setVersion] = useState<number | null>(null)
  const isReadOnly = !mayEver(role, 'triage.manage')
  switch (part) {
    case 'rules':
      return (
        <RulesPanel
          editing={editing}
          isReadOnly={isReadOnly}
          selected={selected}
          onSelect={setSelected}
          onShowTheirs={(theirs) => {
            setVersion(theirs)
            showScreen({ kind: 'triage', part: 'versions' })
          }}
        />
      )
    case 'trial':
      return (
        <TrialPanel
          trial={trial}
          editing={editing}
          onShowRules={() => showScreen({ kind: 'triage', part: 'rules' })}
        />
      )
    case 'versions':
      return (
        <VersionsPanel
          key={stored.ruleSet.version}
          editing={editing}
          isReadOnly={isReadOnly}
          version={version}
          onChoose={setVersion}
        />
      )
    case 'order':
      return <OrderPanel stored={stored} isReadOnly={isReadOnly} readAgain={readAgain} />
  }
}

/** Who leaves with something unsaved is told so, and how to come back to it: it stays until the window closes. */
function useUnsavedNotice(t: Translate): void {
  const { id } = useMe()
  useLayoutEffect(() => {
    clearNotice('window')
    return useViewState.subscribe(({ screen, showScreen }, { screen: before }) => {
      if (before.kind !== 'triage' || screen.kind === 'triage') return
      // Asked once the screen is gone: a key that was only typed has gone with it.
      setTimeout(() => {
        if (!unsavedNow(id)({ screen: 'triage' })) return
        notify(
          'window',
          { title: t('triage.leftUnsaved'), detail: t('triage.leftUnsavedWords') },
          { label: t('triage.goBack'), run: () => showScreen(before) },
        )
      })
    })
  }, [id, t])
}
