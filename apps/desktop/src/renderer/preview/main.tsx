import { mount } from '../app/mount.tsx'
import { FakeBridge, type PreviewSwitches } from './fake-bridge.ts'

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
Object.assign(window, { preview: bridge })
mount(bridge)
