import { type AppError } from '@parley/contracts'
import { type Belonging } from '@parley/domain'

import { type Transaction } from './database.ts'

/**
 * What a feature has to say to a person's intent on a conversation, which is another feature's to carry out: asked in
 * the same transaction, with the conversation locked, when the work is done. What the work itself refuses comes first;
 * what a guard refuses undoes it.
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
