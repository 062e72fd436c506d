import { type Contribution } from '../../contributions/contribution.ts'
import { AlertButton } from './alert-button.tsx'
import { AlertStack } from './alert-stack.tsx'
import { commands } from './commands.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

export { EscalationWindow } from './escalation-window.tsx'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    alerts: {
      words: typeof es
      commands: typeof commands
      screens: { alerts: { part: 'list' | 'preferences' } }
    }
  }
}

export const alerts: Contribution = {
  words: { es, en },
  commands,
  opens: { 'go.alerts': { screen: { kind: 'alerts', part: 'list' } } },
  slots: { titleBarEnd: [{ part: AlertButton }], overlay: [{ part: AlertStack }] },
  late: () => import('./late.ts'),
}
