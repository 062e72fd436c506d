import { type Channel } from '@parley/domain'

import { type Queryable } from '../../platform/database.ts'
import { sql } from '../../platform/sql.ts'

/** Makes one of the business's own numbers or apps known; doing it again changes nothing. */
export function registerChannelAccount(
  db: Queryable,
  account: { channel: Channel; externalId: string; displayName: string },
): Promise<number> {
  return db.run(sql`
    INSERT INTO channel_accounts (id, channel, external_id, display_name)
    VALUES (new_id(), ${account.channel}, ${account.externalId}, ${account.displayName})
    ON CONFLICT (channel, external_id) DO NOTHING`)
}
