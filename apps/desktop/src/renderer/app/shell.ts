import { en as bridgeEn } from '../bridge/words.en.ts'
import { es as bridgeEs } from '../bridge/words.es.ts'
import { type Contribution } from '../contributions/contribution.ts'
import { en as uiEn } from '../ui/words.en.ts'
import { es as uiEs } from '../ui/words.es.ts'
import { commands } from './shell-commands.ts'
import { en } from './words.en.ts'
import { es } from './words.es.ts'

declare module '../contributions/contributed.ts' {
  interface Contributed {
    shell: { words: typeof es & typeof uiEs & typeof bridgeEs; commands: typeof commands }
  }
}

/** What the window has before any feature comes to it. */
export const shell: Contribution = {
  words: { es: { ...es, ...uiEs, ...bridgeEs }, en: { ...en, ...uiEn, ...bridgeEn } },
  commands,
}
