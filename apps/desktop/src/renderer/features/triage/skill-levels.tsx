import { Plus, X } from 'lucide-react'

import { useTranslate } from '../../i18n/use-translate.tsx'
import { AddSkill } from '../../ui/add-skill.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Select } from '../../ui/form/fields.tsx'
import { Icon } from '../../ui/icon.tsx'
import { skillWords } from '../../ui/skill-words.ts'
import styles from './rule-editor.module.css'

const LEVELS = ['1', '2', '3', '4', '5'] as const

interface SkillLevelsProps {
  skills: Readonly<Record<string, number>>
  disabled: boolean
  onChange: (skills: Record<string, number>) => void
}

/** The skills that a rule asks for, each with the level needed. */
export function SkillLevels({ skills, disabled, onChange }: SkillLevelsProps) {
  const t = useTranslate()
  const without = (skill: string) => {
    const { [skill]: _gone, ...rest } = skills
    return rest
  }
  return (
    <>
      {Object.entries(skills).map(([skill, level]) => (
        <div key={skill} className={styles.skill}>
          <span className={styles.skillName}>{skillWords(skill, t)}</span>
          <Select
            aria-label={t('triage.levelOf', { skill: skillWords(skill, t) })}
            value={LEVELS.find((value) => Number(value) === level) ?? '1'}
            options={LEVELS.map((value) => ({ value, label: t('triage.level', { level: value }) }))}
            onChange={(value) => onChange({ ...skills, [skill]: Number(value) })}
          />
          {!disabled && (
            <IconButton
              label={t('triage.removeSkill', { skill: skillWords(skill, t) })}
              onClick={() => onChange(without(skill))}
            >
              <Icon of={X} size={14} />
            </IconButton>
          )}
        </div>
      ))}
      {disabled && Object.keys(skills).length === 0 && (
        <span className={styles.skill}>{t('triage.noSkills')}</span>
      )}
      {!disabled && (
        <div className={styles.skill}>
          <AddSkill
            known={Object.keys(skills)}
            icon={<Icon of={Plus} size={14} />}
            onAdd={(skill) => onChange({ ...skills, [skill]: 1 })}
          />
        </div>
      )}
    </>
  )
}
