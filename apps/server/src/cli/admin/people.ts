import {
  inviteInput,
  peopleInput,
  savePersonInput,
  setRoleInput,
  type LinkOutput,
} from '@parley/contracts'

import { findPeople } from '../../features/people/index.ts'
import { sql } from '../../platform/sql.ts'
import { CannotRun } from '../with-database.ts'
import {
  parsed,
  personId,
  required,
  teamIds,
  teamSlugs,
  type Administration,
  type Command,
} from './command.ts'

const PAGE = 200

export const peopleCommands: Record<string, Command> = {
  list: {
    operands: 0,
    takes: '[--text T] [--role R] [--teams SLUG] [--state S]',
    does: 'name, address, role, teams, state (active, invited, inactive), last seen',
    async run({ services: { db }, values, say }) {
      const [teamId = null] = await teamIds(db, values.teams ?? '')
      const slugs = await teamSlugs(db)
      const wanted = parsed(peopleInput, {
        text: values.text ?? '',
        roles: values.role === undefined ? [] : [values.role],
        states: values.state === undefined ? [] : [values.state],
        teamId,
        page: null,
        limit: PAGE,
      })
      let { page } = wanted
      do {
        const { people, next } = await findPeople(db, { ...wanted, page })
        for (const { fullName, email, role, teamIds: ids, state, lastSeenAt } of people) {
          const teams = ids.map((id) => slugs.get(id) ?? id)
          say({ name: fullName, email, role, teams, state, lastSeenAt })
        }
        page = next
      } while (page !== null)
    },
  },

  invite: {
    operands: 0,
    takes: '--email E --name N --role R [--teams SLUG,SLUG]',
    does: 'creates an account; prints the link that lets its person in, once',
    async run(administration) {
      const { services, people, by, values } = administration
      const server = serverOfLinks()
      const invitation = parsed(inviteInput, {
        email: required(values.email, 'email'),
        fullName: required(values.name, 'name'),
        role: required(values.role, 'role'),
        teamIds: await teamIds(services.db, values.teams ?? ''),
      })
      sayLink(administration, server, invitation.email, await people.invite(invitation, by))
    },
  },

  link: {
    operands: 1,
    takes: 'EMAIL',
    does: 'another link: for a first password, or for another one',
    async run(administration, [email = '']) {
      const { services, people, by } = administration
      const server = serverOfLinks()
      const link = await people.makeLink(await personId(services.db, email), by)
      sayLink(administration, server, email, link)
    },
  },

  set: {
    operands: 1,
    takes: 'EMAIL [--email E] [--name N] [--role R] [--teams SLUG,SLUG]',
    does: 'changes what is given; teams are replaced as a whole',
    async run({ services: { db }, people, by, values }, [email = '']) {
      const { email: another, name, role: wanted, teams: slugs } = values
      if ([another, name, wanted, slugs].every((given) => given === undefined)) {
        throw new CannotRun('Nothing to change: give --email, --name, --role or --teams')
      }
      const userId = await personId(db, email)
      const role =
        values.role === undefined ? null : parsed(setRoleInput, { userId, role: values.role }).role
      const teams = values.teams === undefined ? null : await teamIds(db, values.teams)
      const { full_name: fullName } = await db.one<{ full_name: string }>(sql`
        SELECT full_name FROM users WHERE id = ${userId}`)
      const described = { email: values.email ?? email, fullName: values.name ?? fullName }
      await people.save(parsed(savePersonInput, { userId, ...described }), by)
      if (role !== null) await people.setRole(userId, role, by)
      if (teams !== null) await people.setTeams(userId, teams, by)
    },
  },

  deactivate: {
    operands: 1,
    takes: 'EMAIL',
    does: 'ends sessions, gives back what they hold, wipes their workstations',
    run: ({ services, people, by }, [email = '']) =>
      personId(services.db, email).then((id) => people.setActive(id, false, by)),
  },

  activate: {
    operands: 1,
    takes: 'EMAIL',
    does: 'lets them sign in again',
    run: ({ services, people, by }, [email = '']) =>
      personId(services.db, email).then((id) => people.setActive(id, true, by)),
  },

  'sign-out': {
    operands: 1,
    takes: 'EMAIL',
    does: 'ends all of their sessions',
    run: ({ services, sessions, by }, [email = '']) =>
      personId(services.db, email).then((id) => sessions.revokeAll(id, by)),
  },

  'remove-second-factor': {
    operands: 1,
    takes: 'EMAIL',
    does: 'for somebody who has lost authenticator and codes',
    notFound: 'They have no second factor',
    run: ({ services, people, by }, [email = '']) =>
      personId(services.db, email).then((id) => people.removeSecondFactor(id, by)),
  },
}

/**
 * A workstation learns from a link which server to ask, and takes none that names no server: what it would refuse is
 * not made.
 * @throws CannotRun
 */
function serverOfLinks(): string {
  const server = process.env['PUBLIC_URL']
  if (server) return server.replace(/\/$/, '')
  throw new CannotRun(
    'Set PUBLIC_URL to the address at which workstations reach the server: the link begins with it',
  )
}

function sayLink(
  { say }: Administration,
  server: string,
  email: string,
  { token, expiresAt }: LinkOutput,
): void {
  say({ email, link: `${server}/join#${token}`, expiresAt })
}
