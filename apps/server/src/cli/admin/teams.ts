import { randomUUID } from 'node:crypto'

import { createTeamInput, saveTeamInput } from '@parley/contracts'

import {
  createTeam,
  listTeams,
  moveOpen,
  saveTeam,
  setTeamActive,
} from '../../features/people/index.ts'
import { sql } from '../../platform/sql.ts'
import { parsed, required, teamId, teamSlugs, type Command } from './command.ts'

export const teamCommands: Record<string, Command> = {
  list: {
    operands: 0,
    takes: '',
    does: 'slug, name, whether it is active, people, open conversations',
    async run({ services: { db }, say }) {
      const slugs = await teamSlugs(db)
      for (const { id, name, isActive, people, openConversations } of await listTeams(db)) {
        say({ slug: slugs.get(id) ?? id, name, isActive, people, openConversations })
      }
    },
  },

  create: {
    operands: 0,
    takes: '--name N [--description D]',
    does: 'a further team, with nobody in it; prints its slug',
    async run({ services, by, values, say }) {
      const team = parsed(createTeamInput, {
        id: randomUUID(),
        name: required(values.name, 'name'),
        description: values.description ?? null,
      })
      await createTeam(services, by, team)
      say(await services.db.one(sql`SELECT slug, name FROM teams WHERE id = ${team.id}`))
    },
  },

  set: {
    operands: 1,
    takes: 'SLUG [--name N] [--description D]',
    does: 'changes what is given; the slug stays',
    async run({ services, by, values }, [slug = '']) {
      const id = await teamId(services.db, slug)
      const present = await services.db.one<{ name: string; description: string | null }>(sql`
        SELECT name, description FROM teams WHERE id = ${id}`)
      const team = parsed(saveTeamInput, {
        teamId: id,
        name: values.name ?? present.name,
        description: values.description ?? present.description,
      })
      await saveTeam(services, by, team)
    },
  },

  deactivate: {
    operands: 1,
    takes: 'SLUG',
    does: 'nothing new comes to it; what stands open stays with its people',
    run: ({ services, by }, [slug = '']) =>
      teamId(services.db, slug).then((id) =>
        setTeamActive(services, by, { teamId: id, isActive: false }),
      ),
  },

  activate: {
    operands: 1,
    takes: 'SLUG',
    does: 'switches it on again',
    run: ({ services, by }, [slug = '']) =>
      teamId(services.db, slug).then((id) =>
        setTeamActive(services, by, { teamId: id, isActive: true }),
      ),
  },

  move: {
    operands: 1,
    takes: 'SLUG --to SLUG',
    does: 'what stands open in one goes to the other’s queue',
    async run({ services, by, values, say }, [slug = '']) {
      const from = await teamId(services.db, slug)
      const to = await teamId(services.db, required(values.to, 'to'))
      let moved = 0
      let left = 0
      do {
        const portion = await moveOpen(services, by, { teamId: from, to })
        moved += portion.moved
        left = portion.moved === 0 ? 0 : portion.left
      } while (left > 0)
      say({ moved })
    },
  },
}
