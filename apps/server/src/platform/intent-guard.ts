import { type AppError } from '@parley/contracts'
import { type Belonging } from '@parley/domain'

import { type Transaction } from './database.ts'

/**
 * What a feature has to say before a person's intent on a conversation is carried out, by another feature: asked in
 * the same transaction, with the conversation locked and the permission given.
 */
export interface IntentGuard {
  /** The procedure that it guards, as `conversations.close`. */
  procedure: string
  /** @returns why not; null where nothing is in the way */
  check(
    tx: Transaction,
    conversation: Belonging & { id: string },
  ): Promise<Pick<AppError, 'code' | 'details'> | null>
}
