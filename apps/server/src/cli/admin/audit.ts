import { randomUUID } from 'node:crypto'
import { once } from 'node:events'

import { auditFilter, instant } from '@parley/contracts'
import { AUDIT_ACTIONS } from '@parley/domain'
import { z } from 'zod'

import { beginExport, exportPage } from '../../features/audit/index.ts'
import { CannotRun } from '../with-database.ts'
import { parsed, personId, type Command } from './command.ts'

/** A day is when it begins in UTC. */
const time = z.preprocess(
  (typed) => (z.iso.date().safeParse(typed).success ? `${String(typed)}T00:00:00.000Z` : typed),
  instant.nullable().default(null),
)
const times = z.object({ from: time, to: time })

export const auditCommands: Record<string, Command> = {
  export: {
    operands: 0,
    takes:
      '[--from TIME] [--to TIME] [--action ACTION,…] [--person EMAIL] [--about ID] [--text TEXT]',
    does: 'entries of the audit log, one JSON object a line, the newest first; ACTION as team.created, or team. for all of them',
    async run({ services, by, values }) {
      const { db } = services
      const filter = parsed(auditFilter, {
        actorId: values.person === undefined ? null : await personId(db, values.person),
        actorKind: null,
        targetId: values.about ?? null,
        actions: actionsNamed(values.action),
        ...parsed(times, values),
        text: values.text === undefined ? null : { typed: values.text, actions: [] },
      })
      const exportId = randomUUID()
      await beginExport(services, by, { exportId, filter })
      let before: number | null = null
      do {
        const { lines, next }: Awaited<ReturnType<typeof exportPage>> = await exportPage(db, by, {
          exportId,
          before,
        })
        const text = lines.map((line) => `${line}\n`).join('')
        if (!process.stdout.write(text)) await once(process.stdout, 'drain')
        before = next
      } while (before !== null)
    },
  },
}

/** @throws CannotRun */
function actionsNamed(names: string | undefined): string[] {
  return (names ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
    .flatMap((name) => {
      const named = AUDIT_ACTIONS.filter(
        (action) => action === name || (name.endsWith('.') && action.startsWith(name)),
      )
      if (named.length === 0) throw new CannotRun(`There is no action ${name}`)
      return named
    })
}
