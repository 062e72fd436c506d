import { type Database } from '../../platform/database.ts'
import { GroupCommit } from '../../platform/group-commit.ts'
import { type AddressedMessage } from './by-channel.ts'
import { storeFirstMessages, type FirstMessage } from './first-messages.ts'
import { storeFurtherMessages, type FurtherMessage } from './further-messages.ts'

const LARGEST = 100

/** What messages have in common, done for all that are there at once. */
export interface Batches {
  further: GroupCommit<AddressedMessage, FurtherMessage | null>
  first: GroupCommit<AddressedMessage, FirstMessage | null>
}

export function createBatches({ steady }: Pick<Database, 'steady'>): Batches {
  return {
    further: new GroupCommit((messages) => storeFurtherMessages(steady, messages), LARGEST),
    first: new GroupCommit((messages) => storeFirstMessages(steady, messages), LARGEST),
  }
}
