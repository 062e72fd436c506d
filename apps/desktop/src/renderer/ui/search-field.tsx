import { Search } from 'lucide-react'

import { Icon } from './icon.tsx'
import styles from './search-field.module.css'

/** What a list is narrowed by, as it is typed. */
export function SearchField({
  label,
  words,
  value,
  onChange,
}: {
  label: string
  /** Where it looks, in whole sentences. */
  words?: string
  value: string
  onChange: (typed: string) => void
}) {
  return (
    <label className={styles.search}>
      <Icon of={Search} size={14} />
      <input
        type="search"
        value={value}
        maxLength={100}
        placeholder={label}
        aria-label={label}
        title={words}
        onChange={({ target }) => onChange(target.value)}
      />
    </label>
  )
}
