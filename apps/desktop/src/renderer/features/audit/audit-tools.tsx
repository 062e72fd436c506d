import { X } from 'lucide-react'

import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import field from '../../ui/field.module.css'
import { Select } from '../../ui/form/fields.tsx'
import { Icon } from '../../ui/icon.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import styles from './audit.module.css'
import { AREAS, OTHER_ACTORS, type ShownFilter } from './shown-filter.ts'

const ALL = 'all'

/** What narrows the log: text, part, who, about whom, and from which day through which. */
export function AuditTools({
  filter,
  onChange,
}: {
  filter: ShownFilter
  onChange: (change: Partial<ShownFilter>) => void
}) {
  const t = useTranslate()
  const { people } = useDirectory()
  const { typed, area, who, about, fromDay, toDay } = filter
  return (
    <>
      <SearchField
        label={t('audit.search')}
        words={t('audit.searchWords')}
        value={typed}
        onChange={(typedNow) => onChange({ typed: typedNow })}
      />
      <Select
        aria-label={t('audit.area')}
        value={area ?? ALL}
        options={[
          { value: ALL, label: t('audit.everything') },
          ...AREAS.map((value) => ({ value, label: t(`audit.area.${value}`) })),
        ]}
        onChange={(value) => onChange({ area: value === ALL ? null : value })}
      />
      <Select
        aria-label={t('audit.actor')}
        value={who ?? ALL}
        options={[
          { value: ALL, label: t('audit.everybody') },
          ...OTHER_ACTORS.map((kind) => ({ value: kind, label: t(`audit.actor.${kind}`) })),
          ...[...people.values()].map(({ id, fullName }) => ({ value: id, label: fullName })),
        ]}
        onChange={(value) => onChange({ who: value === ALL ? null : value })}
      />
      <div className={styles.days}>
        <DayField
          label={t('audit.day.from')}
          value={fromDay}
          max={toDay}
          onChange={(day) => onChange({ fromDay: day })}
        />
        <DayField
          label={t('audit.day.to')}
          value={toDay}
          min={fromDay}
          onChange={(day) => onChange({ toDay: day })}
        />
      </div>
      {about !== null && (
        <Button
          look="line"
          aria-label={t('audit.clearAbout')}
          onClick={() => onChange({ about: null })}
        >
          {t('audit.aboutIs', { name: about.name })}
          <Icon of={X} size={14} />
        </Button>
      )}
    </>
  )
}

function DayField({
  label,
  value,
  onChange,
  ...bounds
}: {
  label: string
  value: string
  min?: string
  max?: string
  onChange: (day: string) => void
}) {
  return (
    <label className={styles.day}>
      {label}
      <input
        type="date"
        className={classNames(field.input, styles.date)}
        value={value}
        {...bounds}
        onChange={({ target }) => onChange(target.value)}
      />
    </label>
  )
}
