import { setSkillsInput } from '@parley/contracts'
import { expect, it } from 'vitest'

import { skillName, skillsOf } from './skill-names.ts'

it.each([
  ['Atención VIP', 'atencion_vip'],
  ['  2.º nivel ', 'nivel'],
  ['soporte--técnico_', 'soporte_tecnico'],
  ['日本語', null],
  ['123', null],
])('%s is stored as %s', (typed, name) => {
  expect(skillName(typed)).toBe(name)
  if (name === null) return
  const input = { userId: '0190c1de-0000-7000-8000-000000000002', skills: { [name]: 3 } }
  expect(setSkillsInput.safeParse(input).success).toBe(true)
})

it('lists languages before the rest, each once', () => {
  expect(
    skillsOf(
      [
        { billing: 2, english: 4 },
        { spanish: 5, billing: 1 },
      ],
      ['vip'],
    ),
  ).toEqual(['english', 'spanish', 'billing', 'vip'])
})
