import { App } from '../app/app.tsx'
import { mount } from '../app/mount.tsx'
import { Page } from '../app/page.tsx'
import { type Screen, useViewState } from '../app/view-state.ts'
import { EscalationWindow } from '../features/alerts/escalation-window.tsx'
import { FakeBridge, type PreviewSwitches, type Scenario } from './fake-bridge.ts'

/**
 * The user interface alone, for looking at it: `preview.html?scenario=offline&theme=dark&lang=en`. Not
 * part of the packaged workstation.
 */
const query = new URLSearchParams(location.search)
const bridge = new FakeBridge({
  scenario: (query.get('scenario') ?? 'inbox') as PreviewSwitches['scenario'],
  theme: (query.get('theme') ?? 'light') as PreviewSwitches['theme'],
  language: (query.get('lang') ?? 'es') as PreviewSwitches['language'],
  platform: (query.get('platform') ?? 'linux') as PreviewSwitches['platform'],
})
const screens: Partial<Record<Scenario, Screen>> = {
  queue: { kind: 'watch', teamId: null },
  settings: { kind: 'routing', teamId: null, part: 'settings' },
  'settings-conflict': { kind: 'routing', teamId: null, part: 'settings' },
  skills: { kind: 'routing', teamId: null, part: 'skills' },
  replay: { kind: 'routing', teamId: null, part: 'replay' },
  triage: { kind: 'triage', part: 'rules' },
  'triage-conflict': { kind: 'triage', part: 'rules' },
  'triage-empty': { kind: 'triage', part: 'rules' },
  'triage-error': { kind: 'triage', part: 'rules' },
  wallboard: { kind: 'wallboard' },
  preferences: { kind: 'alerts', part: 'preferences' },
  sla: { kind: 'sla', teamId: null, part: 'goals' },
  'sla-conflict': { kind: 'sla', teamId: null, part: 'goals' },
  recomputing: { kind: 'sla', teamId: null, part: 'goals' },
  hours: { kind: 'sla', teamId: null, part: 'hours' },
  'hours-problem': { kind: 'sla', teamId: null, part: 'hours' },
  violations: { kind: 'sla', teamId: null, part: 'breaches' },
}
/** `window=small`: the small window of escalations instead. */
const isSmallWindow = query.get('window') === 'small'
const scenario = (query.get('scenario') ?? 'inbox') as Scenario
useViewState.getState().showScreen(screens[scenario] ?? { kind: 'inbox' })
Object.assign(window, { preview: bridge })
mount(
  bridge,
  isSmallWindow ? (
    <Page>
      <EscalationWindow />
    </Page>
  ) : (
    <App />
  ),
)
