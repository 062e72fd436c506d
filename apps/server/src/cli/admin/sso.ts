import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'

import {
  saveProviderInput,
  saveGroupMappingsInput,
  type GroupMapping,
  type Provider,
} from '@parley/contracts'

import { readMappings, saveMappings } from '../../features/people/index.ts'
import {
  checkProvider,
  endSessionsOf,
  listProviders,
  removeProvider,
  saveProvider,
  setBreakGlass,
  unlink,
} from '../../features/sign-on/index.ts'
import { type Queryable } from '../../platform/database.ts'
import { CannotRun } from '../with-database.ts'
import {
  parsed,
  personId,
  required,
  teamId,
  teamSlugs,
  type Administration,
  type Command,
} from './command.ts'

const SWITCHES = {
  active: 'isActive',
  forced: 'isForced',
  'creates-people': 'createsPeople',
  'trusts-email': 'trustsEmail',
} as const

/** Single sign-on; providers are named by their issuer. */
export const ssoCommands: Record<string, Command> = {
  list: {
    operands: 0,
    takes: '',
    does: 'issuer, name, domains, whether it is active and forced, who has signed in by it',
    async run({ services: { db }, say }) {
      const { providers } = await listProviders(db, '')
      for (const { issuer, name, domains, isActive, isForced, people } of providers) {
        say({ issuer, name, domains, isActive, isForced, people })
      }
    },
  },

  set: {
    operands: 1,
    takes:
      'ISSUER [--name N] [--client-id C] [--client-secret-file F] [--domains A,B] [--groups-claim C] [--default-role R] [--active|--forced|--creates-people|--trusts-email yes|no]',
    does: 'adds a provider, or changes what is given; the secret is the first line of a file',
    async run({ services, sessions, by, values }, [issuer = '']) {
      const present = await findByIssuer(services.db, issuer)
      const { clientSecret, ...settings } = await settingsOf(values, present)
      const input = parsed(saveProviderInput, {
        id: present?.id ?? randomUUID(),
        basedOn: present?.version ?? null,
        settings: { ...settings, issuer },
        clientSecret,
      })
      await saveProvider(services, by, input, endSessionsOf(sessions, input.id))
    },
  },

  check: {
    operands: 1,
    takes: 'ISSUER',
    does: 'asks the provider what it says of itself; fault says what is wrong',
    async run({ services, values, say }, [issuer = '']) {
      const { id } = await mustFind(services.db, issuer)
      const { fault } = await checkProvider(services, id)
      say({ issuer, fault: values.json === true ? fault : (fault ?? 'no fault') })
    },
  },

  remove: {
    operands: 1,
    takes: 'ISSUER',
    does: 'ends the sessions of who signed in by it',
    async run({ services, sessions, by }, [issuer = '']) {
      const { id } = await mustFind(services.db, issuer)
      await removeProvider(services, by, id, endSessionsOf(sessions, id))
    },
  },

  'break-glass': {
    operands: 1,
    takes: 'EMAIL|none',
    does: 'whom a password lets in where single sign-on is forced',
    run: async ({ services, by }, [email = '']) =>
      setBreakGlass(services, by, email === 'none' ? null : await personId(services.db, email)),
  },

  unlink: {
    operands: 1,
    takes: 'EMAIL',
    does: 'forgets as whom a provider knows them; their address counts the next time',
    notFound: 'No provider knows them',
    run: async ({ services, sessions, by }, [email = '']) =>
      unlink(services, sessions, by, await personId(services.db, email)),
  },

  groups: {
    operands: 0,
    takes: '',
    does: 'what groups of the directory stand for: group, role, slug of the team',
    async run({ services: { db }, say }) {
      const slugs = await teamSlugs(db)
      for (const { name, role, teamId: team } of (await readMappings(db)).mappings) {
        say({ group: name, role, team: team === null ? null : (slugs.get(team) ?? team) })
      }
    },
  },

  map: {
    operands: 1,
    takes: 'GROUP [--role R] [--teams SLUG]',
    does: 'a group stands for a role, a team, or both; without either for nothing any more',
    async run({ services, by, values }, [name = '']) {
      const { version, mappings } = await readMappings(services.db)
      const team = values.teams === undefined ? null : await teamId(services.db, values.teams)
      const others = mappings.filter((one) => one.name.toLowerCase() !== name.toLowerCase())
      const mapping = { name, role: values.role ?? null, teamId: team }
      const isNone = mapping.role === null && team === null
      const input = parsed(saveGroupMappingsInput, {
        basedOn: version,
        mappings: isNone ? others : [...others, mapping as GroupMapping],
      })
      await saveMappings(services, by, input)
    },
  },
}

async function findByIssuer(db: Queryable, issuer: string): Promise<Provider | null> {
  const { providers } = await listProviders(db, '')
  return providers.find((one) => one.issuer === issuer) ?? null
}

/** @throws CannotRun */
async function mustFind(db: Queryable, issuer: string): Promise<Provider> {
  const provider = await findByIssuer(db, issuer)
  if (provider === null)
    throw new CannotRun(`There is no provider ${issuer} (npm run admin -- sso list)`)
  return provider
}

async function settingsOf(values: Administration['values'], present: Provider | null) {
  const file = values['client-secret-file']
  const claim = values['groups-claim']
  return {
    name: values.name ?? present?.name ?? required(values.name, 'name'),
    clientId:
      values['client-id'] ?? present?.clientId ?? required(values['client-id'], 'client-id'),
    domains: values.domains?.split(',') ?? present?.domains ?? [],
    groupsClaim: claim === undefined ? (present?.groupsClaim ?? null) : claim || null,
    defaultRole: values['default-role'] ?? present?.defaultRole ?? 'agent',
    isActive: true,
    isForced: false,
    createsPeople: false,
    trustsEmail: false,
    ...Object.fromEntries(
      Object.entries(SWITCHES).flatMap(([option, field]) => {
        const typed = values[option as keyof typeof SWITCHES]
        if (typed !== undefined) return [[field, isYes(option, typed)]]
        return present === null ? [] : [[field, present[field]]]
      }),
    ),
    // Never as an argument, which everybody on the machine can read.
    clientSecret:
      file === undefined ? null : ((await readFile(file, 'utf8')).split(/\r?\n/)[0] ?? ''),
  }
}

/** @throws CannotRun */
function isYes(option: string, typed: string): boolean {
  if (typed !== 'yes' && typed !== 'no') throw new CannotRun(`--${option} is yes or no`)
  return typed === 'yes'
}
