import { mount } from './app/mount.tsx'
import { Page } from './app/page.tsx'
import { FEATURES } from './features.ts'
import { EscalationWindow } from './features/alerts/index.ts'

mount(
  window.parley,
  FEATURES,
  <Page>
    <EscalationWindow />
  </Page>,
)
