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
import { inWords } from './admin/in-words.ts'
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

Environment: DATABASE_URL and PARLEY_SECRET_KEY, else the embedded database of a server that runs, in
PARLEY_DATA_DIR (.parley/data). PUBLIC_URL for links: the address at which workstations reach the server.`
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
    throw error instanceof Failure ? new CannotRun(inWords(error, command.notFound)) : error
  })

  function say(line: Parameters<Administration['say']>[0]): void {
    const cells = Object.values(line).map((value) =>
      Array.isArray(value) ? value.join(',') || '-' : (value ?? '-'),
    )
    process.stdout.write(`${values.json === true ? JSON.stringify(line) : cells.join('  ')}\n`)
  }
}

/** @throws CannotRun what is wrong, and what the subject takes; without one, everything */
function readOptions() {
  const { values, positionals } = readArguments()
  if (values.help === true) return 'help'
  const [subject, verb = '', ...operands] = positionals
  if (subject === undefined) throw new CannotRun(usage())
  const commands = COMMANDS[subject]
  if (commands === undefined) {
    throw wrong(`There is no subject ${subject}`, `subjects: ${Object.keys(COMMANDS).join(', ')}`)
  }
  const command = commands[verb]
  if (command === undefined) {
    throw wrong(
      verb === '' ? `${subject} needs a verb` : `There is no command ${subject} ${verb}`,
      ...Object.entries(commands).map(([name, { takes }]) => `${subject} ${name} ${takes}`),
    )
  }
  const takes = `${subject} ${verb} ${command.takes}`
  if (operands.length < command.operands) {
    throw wrong(`${command.takes.split(' ')[operands.length]} is missing`, takes)
  }
  if (operands.length > command.operands) {
    throw wrong(`Too many words: ${operands.slice(command.operands).join(' ')}`, takes)
  }
  for (const option of Object.keys(values)) {
    if (option === 'json' || new RegExp(`--${option}(?![\\w-])`).test(takes)) continue
    throw wrong(`${subject} ${verb} takes no --${option}`, takes)
  }
  return { command, operands, values }
}

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: OPTIONS })
  } catch (error) {
    const [words] = (error instanceof Error ? error.message : String(error)).split('. ')
    throw wrong(words ?? '', 'npm run admin -- --help')
  }
}

function wrong(what: string, ...lines: string[]): CannotRun {
  return new CannotRun([what, ...lines.map((line) => `  ${line.trimEnd()}`)].join('\n'))
}

main().catch(fail)
