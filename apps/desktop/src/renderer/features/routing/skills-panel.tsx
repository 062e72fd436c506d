import { byName } from '@parley/domain'
import type { PersonView } from '@parley/contracts'
import { useMemo, useState } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useServerRead } from '../../bridge/use-server-read.ts'
import { useConnection, useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { AddSkill } from '../../ui/add-skill.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Note, Panel, PanelBody } from '../../ui/form/panel.tsx'
import text from '../../ui/text.module.css'
import { skillWords } from '../../ui/skill-words.ts'
import fields from '../../ui/field.module.css'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'
import { WhenRead } from '../../ui/when-read.tsx'
import { skillsOf } from '../../ui/skill-names.ts'
import styles from './skills-panel.module.css'

type SkillsByPerson = ReadonlyMap<string, Record<string, number>>
const LEVELS = [1, 2, 3, 4, 5] as const

/** What the team's people can do, and how well: one row each, one column for each skill that anybody has. */
export function SkillsPanel({ teamId, isReadOnly }: { teamId: string; isReadOnly: boolean }) {
  const t = useTranslate()
  const { setLevel, ...read } = useSkills()
  return (
    <WhenRead read={read} failed={t('skills.failed')}>
      {(skills) => (
        <SkillsTable
          teamId={teamId}
          isReadOnly={isReadOnly}
          skills={skills}
          onSetLevel={setLevel}
        />
      )}
    </WhenRead>
  )
}

function SkillsTable({
  teamId,
  isReadOnly,
  skills,
  onSetLevel,
}: {
  teamId: string
  isReadOnly: boolean
  skills: SkillsByPerson
  onSetLevel: (userId: string, skill: string, level: number) => Promise<void>
}) {
  const t = useTranslate()
  const { people } = useDirectory()
  const isOnline = useConnection()?.state === 'online'
  const [added, setAdded] = useState<readonly string[]>([])
  const members = [...people.values()]
    .filter((person) => person.isActive && person.teamIds.includes(teamId))
    .toSorted((a, b) => byName(a.fullName, b.fullName))
  const columns = skillsOf(
    members.map(({ id }) => skills.get(id) ?? {}),
    added,
  )
  return (
    <Panel>
      <PanelBody>
        <Note>{t('skills.words')}</Note>
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('skills.person')}</th>
                {columns.map((skill) => (
                  <th key={skill} scope="col">
                    {skillWords(skill, t)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {members.map((person) => (
                <tr key={person.id} data-user-id={person.id}>
                  <th scope="row">
                    <span className={styles.person}>
                      <Avatar id={person.id} name={person.fullName} size="small" />
                      <span className={text.cut}>{person.fullName}</span>
                    </span>
                  </th>
                  {columns.map((skill) => (
                    <td key={skill}>
                      <LevelSelect
                        person={person}
                        skill={skill}
                        level={skills.get(person.id)?.[skill] ?? 0}
                        disabled={isReadOnly || !isOnline}
                        onChange={(level) => void onSetLevel(person.id, skill, level)}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {!isReadOnly && (
          <div className={styles.add}>
            <AddSkill known={columns} onAdd={(skill) => setAdded((before) => [...before, skill])} />
          </div>
        )}
      </PanelBody>
    </Panel>
  )
}

function LevelSelect({
  person,
  skill,
  level,
  disabled,
  onChange,
}: {
  person: PersonView
  skill: string
  level: number
  disabled: boolean
  onChange: (level: number) => void
}) {
  const t = useTranslate()
  return (
    <select
      className={classNames(fields.input, level === 0 && styles.none)}
      value={level}
      disabled={disabled}
      data-skill={skill}
      aria-label={t('skills.level', { name: person.fullName, skill: skillWords(skill, t) })}
      onChange={(event) => onChange(Number(event.target.value))}
    >
      <option value={0}>{t('skills.none')}</option>
      {LEVELS.map((value) => (
        <option key={value} value={value}>
          {value}
        </option>
      ))}
    </select>
  )
}

function useSkills() {
  const ask = useAsk()
  const notifyRefusal = useNotifyRefusal()
  const { value, error, readAgain, put } = useServerRead('people.skills', undefined)
  const skills = useMemo<SkillsByPerson | undefined>(
    () => value && new Map(value.map((person) => [person.userId, person.skills])),
    [value],
  )
  const setLevel = async (userId: string, skill: string, level: number) => {
    const { [skill]: _before, ...rest } = skills?.get(userId) ?? {}
    const next = level === 0 ? rest : { ...rest, [skill]: level }
    // Shown at once; what was refused is read again as it is.
    const others = (value ?? []).filter((person) => person.userId !== userId)
    put([...others, { userId, skills: next }])
    const result = await ask('people.setSkills', { userId, skills: next })
    if (result.ok) return
    notifyRefusal(result.error)
    void readAgain()
  }
  return { value: skills, error, readAgain, setLevel }
}
