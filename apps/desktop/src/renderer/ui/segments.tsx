import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'

import { useTranslate } from '../i18n/use-translate.tsx'
import { classNames } from './class-names.ts'
import signs from './scroll-signs.module.css'
import styles from './segments.module.css'

interface Segment<Value extends string> {
  value: Value
  label: ReactNode
  /** Marked: something there is not saved. */
  isUnsaved?: boolean
}

/** One of a few, side by side. */
export function Segments<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: Value
  options: readonly Segment<Value>[]
  onChange: (value: Value) => void
}) {
  const t = useTranslate()
  const unsavedId = useId()
  const list = useRef<HTMLDivElement>(null)
  // The chosen one is in view, however many there are.
  useLayoutEffect(() => {
    const chosen = [...(list.current?.children ?? [])].find(
      (button) => button instanceof HTMLButtonElement && button.value === value,
    )
    chosen?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [value])
  return (
    <div
      ref={list}
      className={classNames(styles.segments, signs.across)}
      role="group"
      aria-label={label}
      onWheel={({ currentTarget, deltaY }) => {
        // A wheel turns in one direction.
        currentTarget.scrollLeft += deltaY
      }}
    >
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          value={option.value}
          className={styles.segment}
          aria-pressed={option.value === value}
          {...(option.isUnsaved ? { 'data-unsaved': true, 'aria-describedby': unsavedId } : {})}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
      {options.some(({ isUnsaved }) => isUnsaved) && (
        <span id={unsavedId} hidden>
          {t('form.unsaved')}
        </span>
      )}
    </div>
  )
}
