import { endSessionInput, livingSession } from '@parley/contracts'

import { livingSessions } from '../../features/accounts/index.ts'
import { recordAs } from '../../platform/record-as.ts'
import { sql } from '../../platform/sql.ts'
import { parsed, personId, type Command } from './command.ts'

const PAGE = 200
const toSession = recordAs(livingSession)

export const sessionCommands: Record<string, Command> = {
  list: {
    operands: 0,
    takes: '[--person EMAIL]',
    does: 'id, address of the person, device, where it was last heard from and when',
    async run({ services: { db }, values, say }) {
      const userId = values.person === undefined ? null : await personId(db, values.person)
      let page: { lastUsedAt: string; id: string } | null = null
      do {
        const records = await livingSessions(db, { userId, page, limit: PAGE })
        for (const { id, userId: owner, deviceName, address, lastUsedAt } of records.map(
          toSession,
        )) {
          const { email } = await db.one<{ email: string }>(sql`
            SELECT email FROM users WHERE id = ${owner}`)
          say({ id, email, device: deviceName, address, lastUsedAt })
        }
        const last = records.length === PAGE ? records.at(-1) : undefined
        page = last === undefined ? null : { lastUsedAt: last.place, id: last.id }
      } while (page !== null)
    },
  },

  end: {
    operands: 1,
    takes: 'ID',
    does: 'signs it out; its workstation forgets what it holds',
    notFound: 'No open session has this id (npm run admin -- sessions list)',
    run: ({ sessions, by }, [sessionId = '']) =>
      sessions.revoke(parsed(endSessionInput, { sessionId }).sessionId, null, by),
  },
}
