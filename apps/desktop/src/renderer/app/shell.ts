import type { SessionView } from '@parley/contracts'

import { en as bridgeEn } from '../bridge/words.en.ts'
import { es as bridgeEs } from '../bridge/words.es.ts'
import { type Contribution, type Reads } from '../contributions/contribution.ts'
import { en as uiEn } from '../ui/words.en.ts'
import { es as uiEs } from '../ui/words.es.ts'
import { commands } from './shell-commands.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../contributions/contributed.ts' {
  interface Contributed {
    shell: {
      words: typeof es & typeof uiEs & typeof bridgeEs
      commands: typeof commands
      reads: typeof reads
      screens: { main: object }
      slots: {
        titleBarFind: object
        titleBarStatus: object
        titleBarEnd: object
        /** Of a window without a workspace. */
        bareTitleBarEnd: object
        /** A line over all of the workspace, while there is something to say there. */
        belowTitleBar: object
        /** Over the screens' entries. */
        rail: object
        railFoot: object
        /** Oneself, under the rail. */
        railSelf: object
        main: object
        /** Over the workspace, beside whatever is shown in it. */
        overlay: object
        locked: { session: Extract<SessionView, { state: 'locked' }> }
        signedOut: { session: Extract<SessionView, { state: 'signed_out' }> }
      }
    }
  }
}

const reads = {
  // With what each person has.
  'directory.get': { topics: ['person', 'team', 'load'] },
} as const satisfies Reads

/** What the window has before any feature comes to it. */
export const shell: Contribution = {
  words: { es: { ...es, ...uiEs, ...bridgeEs }, en: { ...en, ...uiEn, ...bridgeEn } },
  commands,
  reads,
}
