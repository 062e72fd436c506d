import { type Contribution } from '../../contributions/contribution.ts'
import { LanguageMenu } from './language-menu.tsx'
import { SettingsMenu } from './settings-menu.tsx'
import { SignIn } from './sign-in.tsx'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../../contributions/contributed.ts' {
  interface Contributed {
    session: {
      words: typeof es
      dialogs: { sign_out: object; sign_in_again: object }
    }
  }
}

export const session: Contribution = {
  words: { es, en },
  slots: {
    signedOut: [{ part: SignIn }],
    bareTitleBarEnd: [{ part: LanguageMenu }],
    railFoot: [{ part: SettingsMenu }],
  },
  late: () => import('./late.ts'),
}
