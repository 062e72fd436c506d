import type { AppError } from '@parley/contracts'

import { type Words, errorWords } from '../../bridge/error-words.ts'
import { type Translate } from '../../i18n/translate.ts'
import { serverName } from './server-address.ts'

const NOBODY: ReadonlyMap<string, { fullName: string }> = new Map()

/** Which server did not answer, too: most often its address is what is wrong. */
export function signInWords(error: AppError, serverUrl: string, t: Translate): Words {
  if (error.code !== 'server_unreachable') return errorWords(error, t, NOBODY)
  return {
    title: t('signIn.unreachable', { server: serverName(serverUrl) }),
    detail: t('signIn.unreachable.detail'),
  }
}
