import { mount } from '../app/mount.tsx'
import { type Screen, useViewState } from '../app/view-state.ts'
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
}
const scenario = (query.get('scenario') ?? 'inbox') as Scenario
useViewState.getState().showScreen(screens[scenario] ?? { kind: 'inbox' })
Object.assign(window, { preview: bridge })
mount(bridge)
