import { type Transaction } from '../../platform/database.ts'
import { type Doer } from '../../platform/doer.ts'
import { type Services } from '../../platform/services.ts'
import { sql } from '../../platform/sql.ts'
import { endLinksOf, type Sessions } from '../accounts/index.ts'
import { giveBackAll } from '../routing/index.ts'
import { requireAnotherAdmin } from './rights.ts'

/**
 * Within `changeRights`. Switching somebody off ends their sessions and gives back all that they have.
 * @throws Failure `last_admin`
 */
export async function changeAccess(
  services: Services,
  sessions: Sessions,
  tx: Transaction,
  { userId, by }: { userId: string; by: Doer },
  isActive: boolean,
): Promise<void> {
  if (!isActive) await requireAnotherAdmin(tx, userId)
  const changed = await tx.run(sql`
    UPDATE users SET is_active = ${isActive} WHERE id = ${userId} AND is_active <> ${isActive}`)
  if (changed > 0) {
    const action = isActive ? 'person.activated' : 'person.deactivated'
    services.audit.record(tx, by, { action, target: { kind: 'person', id: userId } })
  }
  if (isActive) return
  await endLinksOf(tx, userId)
  await sessions.end(tx, { userId }, 'deactivated')
  await giveBackAll(services, tx, userId)
}
