import { type ReactNode, useState } from 'react'

import { useTranslate } from '../i18n/use-translate.tsx'
import { Button } from './button.tsx'
import fields from './field.module.css'
import { skillName } from './skill-names.ts'

/** A skill by its name, as it will be stored; none that is there already. */
export function AddSkill({
  known,
  onAdd,
  icon,
}: {
  known: readonly string[]
  onAdd: (skill: string) => void
  icon?: ReactNode
}) {
  const t = useTranslate()
  const [typed, setTyped] = useState('')
  const name = skillName(typed)
  const canAdd = name !== null && !known.includes(name)
  const add = () => {
    if (!canAdd) return
    onAdd(name)
    setTyped('')
  }
  return (
    <>
      <input
        className={fields.input}
        value={typed}
        maxLength={100}
        aria-label={t('skills.new')}
        placeholder={t('skills.new')}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          // While letters are being composed, Enter takes them and nothing else.
          if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
          // Where it stands in a form, that is not sent by it.
          event.preventDefault()
          add()
        }}
      />
      <Button look="line" disabled={!canAdd} onClick={add}>
        {icon}
        {t('skills.add')}
      </Button>
    </>
  )
}
