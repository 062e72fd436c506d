import { ROLES, type Role } from '@parley/domain'

import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import field from '../../ui/field.module.css'
import { Select } from '../../ui/form/fields.tsx'
import text from '../../ui/text.module.css'
import styles from './people.module.css'

/** A role by its name, with what it may. */
export function RoleChoice({
  value,
  isFixed = false,
  onChange,
}: {
  value: Role
  isFixed?: boolean
  onChange: (role: Role) => void
}) {
  const t = useTranslate()
  return (
    <div className={styles.choice}>
      <Select
        aria-label={t('people.role')}
        value={value}
        disabled={isFixed}
        options={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
        onChange={onChange}
      />
      <p className={text.meta}>{t(`role.${value}.may`)}</p>
    </div>
  )
}

/** Any of the teams, none included. */
export function TeamChoices({
  value,
  isFixed = false,
  onChange,
}: {
  value: readonly string[]
  isFixed?: boolean
  onChange: (teamIds: string[]) => void
}) {
  const { teams } = useDirectory()
  const toggled = (id: string) =>
    value.includes(id) ? value.filter((one) => one !== id) : [...value, id]
  return (
    <div className={styles.teams}>
      {[...teams.values()].map(({ id, name }) => (
        <label key={id} className={field.check}>
          <input
            type="checkbox"
            className={field.box}
            checked={value.includes(id)}
            disabled={isFixed}
            onChange={() => onChange(toggled(id))}
          />
          <span className={text.cut}>{name}</span>
        </label>
      ))}
    </div>
  )
}
