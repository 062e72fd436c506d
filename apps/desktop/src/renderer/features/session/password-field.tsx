import { Eye, EyeOff } from 'lucide-react'
import { type Ref, useId, useState } from 'react'

import { useTranslate } from '../../i18n/use-translate.tsx'
import { IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import styles from './sign-in.module.css'

export function PasswordField({
  label,
  isNew = false,
  value,
  onChange,
  ref,
  autoFocus = false,
  wrong = false,
}: {
  /** Of another one than one's own, as it is. */
  label?: string
  /** One is chosen here. */
  isNew?: boolean
  value: string
  onChange: (value: string) => void
  ref?: Ref<HTMLInputElement>
  autoFocus?: boolean
  wrong?: boolean
}) {
  const t = useTranslate()
  const [shown, setShown] = useState(false)
  const id = useId()
  return (
    <div className={classNames(styles.field, wrong && styles.wrong)}>
      <label className={styles.label} htmlFor={id}>
        {label ?? t('signIn.password')}
      </label>
      <span className={styles.input}>
        <input
          id={id}
          name={isNew ? 'newPassword' : 'password'}
          maxLength={256}
          ref={ref}
          type={shown ? 'text' : 'password'}
          required
          autoComplete={isNew ? 'new-password' : 'current-password'}
          autoFocus={autoFocus}
          aria-invalid={wrong}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
        <IconButton
          label={t(shown ? 'signIn.hidePassword' : 'signIn.showPassword')}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          <Icon of={shown ? EyeOff : Eye} />
        </IconButton>
      </span>
    </div>
  )
}
