import { parseArgs } from 'node:util'

import { createSessions } from '../features/accounts/index.ts'
import { createPeople } from '../features/people/index.ts'
import { Database } from '../platform/database.ts'
import { Failure } from '../platform/failure.ts'
import { createLogger } from '../platform/logger.ts'
import { createServices } from '../platform/services.ts'
import { apiKeyCommands, scimTokenCommands } from './admin/api-keys.ts'
import { auditCommands } from './admin/audit.ts'
import { COMMAND_LINE, OPTIONS, type Administration, type Command } from './admin/command.ts'
import { peopleCommands } from './admin/people.ts'
import { policyCommands } from './admin/policy.ts'
import { roleCommands } from './admin/roles.ts'
import { secretKeyCommands } from './admin/secret-key.ts'
import { sessionCommands } from './admin/sessions.ts'
import { ssoCommands } from './admin/sso.ts'
import { teamCommands } from './admin/teams.ts'
import { CannotRun, fail, readSecrets, withDatabase } from './with-database.ts'

/** `npm run admin -- SUBJECT VERB …`: what administrators do on their screens, for scripts. */

const COMMANDS: Readonly<Record<string, Readonly<Record<string, Command>>>> = {
  people: peopleCommands,
  teams: teamCommands,
  roles: roleCommands,
  sessions: sessionCommands,
  policy: policyCommands,
  'secret-key': secretKeyCommands,
  'api-key': apiKeyCommands,
  'scim-token': scimTokenCommands,
  sso: ssoCommands,
  audit: auditCommands,
}

function usage(): string {
  const lines = Object.entries(COMMANDS).flatMap(([subject, commands]) =>
    Object.entries(commands).map(([verb, { takes, does }]) => {
      const command = `  ${subject} ${verb} ${takes}`.trimEnd()
      return command.length < 58
        ? `${command.padEnd(58)} ${does}`
        : `${command}\n${' '.repeat(59)}${does}`
    }),
  )
  return `Usage: npm run admin -- SUBJECT VERB … [--json]

Does what administrators do on their screens, at once and whether or not the server runs; the audit log names the
command line. People are named by their e-mail address, teams by their slug (teams list).

${lines.join('\n')}

  --json  one JSON object a line, instead of columns
  --help

Environment: DATABASE_URL and PARLEY_SECRET_KEY, else the embedded database of a server that runs.`
}

async function main(): Promise<void> {
  const wanted = readOptions()
  if (wanted === 'help') {
    process.stdout.write(`${usage()}\n`)
    return
  }
  const { command, operands, values } = wanted
  await withDatabase(async (pool, connectionString) => {
    const services = await createServices(
      new Database(pool),
      connectionString,
      await readSecrets(),
      createLogger('error'),
    )
    // Running servers close what is ended, and hand out what is given back.
    await services.signals.start()
    try {
      const sessions = createSessions(services)
      const people = createPeople(services, { sessions })
      await command.run({ services, sessions, people, by: COMMAND_LINE, values, say }, operands)
    } finally {
      await services.signals.stop()
    }
  }).catch((error: unknown) => {
    throw error instanceof Failure ? new CannotRun(inWords(error)) : error
  })

  function say(line: Parameters<Administration['say']>[0]): void {
    const cells = Object.values(line).map((value) =>
      Array.isArray(value) ? value.join(',') : (value ?? '-'),
    )
    process.stdout.write(`${values.json === true ? JSON.stringify(line) : cells.join('  ')}\n`)
  }
}

function inWords({ code, details }: Failure): string {
  const more = Object.entries(details).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  return more.length === 0 ? code : `${code}: ${more.join(', ')}`
}

function readOptions() {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS })
    if (values.help === true) return 'help'
    const [subject = '', verb = '', ...operands] = positionals
    const command = COMMANDS[subject]?.[verb]
    if (command === undefined) throw new Error('no command')
    if (operands.length !== command.operands) throw new Error('operands')
    return { command, operands, values }
  } catch {
    throw new CannotRun(usage())
  }
}

main().catch(fail)
