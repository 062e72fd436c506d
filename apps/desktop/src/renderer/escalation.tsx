import { mount } from './app/mount.tsx'
import { Page } from './app/page.tsx'
import { EscalationWindow } from './features/alerts/escalation-window.tsx'

mount(
  window.parley,
  <Page>
    <EscalationWindow />
  </Page>,
)
