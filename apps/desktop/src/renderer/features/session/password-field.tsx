import { Eye, EyeOff } from 'lucide-react'
import { type Ref, useState } from 'react'

import { useTranslate } from '../../i18n/use-translate.tsx'
import { IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import styles from './sign-in.module.css'

export function PasswordField({
  value,
  onChange,
  ref,
  autoFocus = false,
  wrong = false,
}: {
  value: string
  onChange: (value: string) => void
  ref?: Ref<HTMLInputElement>
  autoFocus?: boolean
  wrong?: boolean
}) {
  const t = useTranslate()
  const [shown, setShown] = useState(false)
  return (
    <div className={classNames(styles.field, wrong && styles.wrong)}>
      <label className={styles.label} htmlFor="password">
        {t('signIn.password')}
      </label>
      <span className={styles.input}>
        <input
          id="password"
          name="password"
          ref={ref}
          type={shown ? 'text' : 'password'}
          required
          autoComplete="current-password"
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
