import { setSkillsInput, type skillsOutput } from '@parley/contracts'
import { type z } from 'zod'

import { procedure } from '../../platform/procedure.ts'
import { sql } from '../../platform/sql.ts'
import { requireOverPerson } from '../../platform/require-over.ts'

export const skillProcedures = {
  /** Of everybody who is active; who has none is not named. */
  skills: procedure('directory.see').query(({ ctx }): Promise<z.infer<typeof skillsOutput>> =>
    ctx.services.db.many(sql`
        SELECT s.user_id AS "userId", jsonb_object_agg(s.skill_name, s.proficiency_level) AS skills
        FROM agent_skills s JOIN users u ON u.id = s.user_id AND u.is_active
        GROUP BY s.user_id`),
  ),

  setSkills: procedure('team_settings.manage')
    .input(setSkillsInput)
    .mutation(async ({ ctx, input: { userId, skills } }) => {
      const { services, actor, by } = ctx
      await requireOverPerson(services.db, actor, 'team_settings.manage', userId)
      await services.db.transaction(async (tx) => {
        const names = Object.keys(skills)
        const before = await tx.one<{ skills: object }>(sql`
          SELECT COALESCE(jsonb_object_agg(skill_name, proficiency_level), '{}') AS skills
          FROM agent_skills WHERE user_id = ${userId}`)
        await tx.run(sql`
          DELETE FROM agent_skills WHERE user_id = ${userId} AND skill_name <> ALL(${names}::text[])`)
        await tx.run(sql`
          INSERT INTO agent_skills (id, user_id, skill_name, proficiency_level, verified_by)
          SELECT new_id(), ${userId}, skill, level, ${actor.userId}
          FROM unnest(${names}::text[], ${Object.values(skills)}::int[]) AS t(skill, level)
          ON CONFLICT (user_id, skill_name) DO UPDATE SET
            proficiency_level = EXCLUDED.proficiency_level, verified_by = EXCLUDED.verified_by`)
        services.audit.record(tx, by, {
          action: 'person.skills_changed',
          target: { kind: 'person', id: userId },
          before,
          after: { skills },
        })
        tx.afterCommit(() => services.signals.send('routing'))
      })
      return null
    }),
}
