import { type Contribution, type Reads } from '../../contributions/contribution.ts'
import { CarriedOverStrip } from './carried-over.tsx'
import { InvitationRefused } from './invitation-refused.tsx'
import { LanguageMenu } from './language-menu.tsx'
import { Locked } from './locked.tsx'
import { RecoveryCodesStrip } from './recovery-codes.tsx'
import { SessionEndStrip } from './session-end-strip.tsx'
import { SettingsMenu } from './settings-menu.tsx'
import { SignIn } from './sign-in.tsx'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    session: {
      words: typeof es
      reads: typeof reads
      dialogs: { account: object; carried_over: object; recovery_codes: object; sign_out: object }
    }
  }
}

const reads = {
  'session.unsent': { conversations: 'any', topics: ['outbox'] },
} as const satisfies Reads

export const session: Contribution = {
  reads,
  words: { es, en },
  slots: {
    locked: [{ part: Locked }],
    signedOut: [{ part: SignIn }],
    bareTitleBarEnd: [{ part: LanguageMenu }],
    belowTitleBar: [
      { part: CarriedOverStrip },
      { part: RecoveryCodesStrip },
      { part: SessionEndStrip },
    ],
    overlay: [{ part: InvitationRefused }],
    railFoot: [{ part: SettingsMenu }],
  },
  late: () => import('./late.ts'),
}
