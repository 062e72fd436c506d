import {
  inviteInput,
  peopleInput,
  savePersonInput,
  setRoleInput,
  type LinkOutput,
} from '@parley/contracts'

import { findPeople } from '../../features/people/index.ts'
import { sql } from '../../platform/sql.ts'
import {
  parsed,
  personId,
  required,
  teamIds,
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
      const slugs = new Map(
        (await db.many<{ id: string; slug: string }>(sql`SELECT id, slug FROM teams`)).map(
          ({ id, slug }) => [id, slug],
        ),
      )
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
      const invitation = parsed(inviteInput, {
        email: required(values.email, 'email'),
        fullName: required(values.name, 'name'),
        role: required(values.role, 'role'),
        teamIds: await teamIds(services.db, values.teams ?? ''),
      })
      sayLink(administration, invitation.email, await people.invite(invitation, by))
    },
  },

  link: {
    operands: 1,
    takes: 'EMAIL',
    does: 'another link: for a first password, or for another one',
    async run(administration, [email = '']) {
      const { services, people, by } = administration
      const link = await people.makeLink(await personId(services.db, email), by)
      sayLink(administration, email, link)
    },
  },

  set: {
    operands: 1,
    takes: 'EMAIL [--email E] [--name N] [--role R] [--teams SLUG,SLUG]',
    does: 'changes what is given; teams are replaced as a whole',
    async run({ services: { db }, people, by, values }, [email = '']) {
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
    does: 'for who has lost authenticator and codes',
    run: ({ services, people, by }, [email = '']) =>
      personId(services.db, email).then((id) => people.removeSecondFactor(id, by)),
  },
}

/** Workstations take it as it is; with PUBLIC_URL they learn the server's address from it, too. */
function sayLink({ say }: Administration, email: string, { token, expiresAt }: LinkOutput): void {
  const server = process.env['PUBLIC_URL']?.replace(/\/$/, '')
  say({ email, link: server === undefined ? token : `${server}/join#${token}`, expiresAt })
}
