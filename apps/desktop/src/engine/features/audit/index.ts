import { type AuditInput, type AuditOutput } from '@parley/contracts'

import { type EngineFeature } from '../../feature.ts'

/** The server looks through a share of the log at a time; where nothing was found in it, it is asked to go on. */
const ASKED_AT_MOST = 20

/** Nothing of it is kept here. */
export const audit = {
  name: 'audit',
  handlers: ({ ask }) => ({
    'audit.find': (input) => findSome(input, (page) => ask((trpc) => trpc.audit.find.query(page))),
    'audit.beginExport': (input) => ask((trpc) => trpc.audit.beginExport.mutate(input)),
    'audit.exportPage': (input) => ask((trpc) => trpc.audit.exportPage.query(input)),
  }),
} satisfies EngineFeature

async function findSome(
  input: AuditInput,
  find: (input: AuditInput) => Promise<AuditOutput>,
): Promise<AuditOutput> {
  let found = await find(input)
  for (let asked = 1; asked < ASKED_AT_MOST; asked++) {
    if (found.entries.length > 0 || found.next === null) break
    found = await find({ ...input, before: found.next })
  }
  return found
}
