import { type ReactNode } from 'react'

import { classNames } from '../class-names.ts'
import { Field, type FieldIds, type FieldProps } from '../field.tsx'
import styles from '../field.module.css'
import { Segments } from '../segments.tsx'

interface Named {
  /** What tests find it by. */
  name?: string
}

interface Choice<Value extends string> {
  value: Value
  options: readonly { value: Value; label: string }[]
  onChange: (value: Value) => void
}

/** One line: text, or with `isShort` a number and its unit, as they are typed. */
export function TextField({
  name,
  value,
  unit,
  isShort = false,
  maxLength,
  placeholder,
  onChange,
  ...field
}: FieldProps &
  Named & {
    value: string
    unit?: string | undefined
    isShort?: boolean
    maxLength?: number
    placeholder?: string | undefined
    onChange: (typed: string) => void
  }) {
  return (
    <Field {...field}>
      {(ids) => (
        <>
          <input
            {...ids}
            className={classNames(styles.input, isShort ? styles.number : styles.text)}
            inputMode={isShort ? 'decimal' : 'text'}
            value={value}
            maxLength={maxLength}
            placeholder={placeholder}
            autoComplete="off"
            data-field={name}
            onChange={(event) => onChange(event.target.value)}
          />
          {unit !== undefined && <span className={styles.unit}>{unit}</span>}
        </>
      )}
    </Field>
  )
}

/** Several lines, in the language that they are written in. */
export function ProseField({
  name,
  value,
  lang,
  onChange,
  ...field
}: FieldProps & Named & { value: string; lang: string; onChange: (typed: string) => void }) {
  return (
    <Field {...field}>
      {(ids) => (
        <textarea
          {...ids}
          className={classNames(styles.input, styles.text)}
          value={value}
          lang={lang}
          spellCheck
          rows={3}
          data-field={name}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

export function SelectField<Value extends string>({
  name,
  value,
  options,
  onChange,
  ...field
}: FieldProps & Named & Choice<Value>) {
  return (
    <Field {...field}>
      {(ids) => (
        <Select {...ids} value={value} options={options} data-field={name} onChange={onChange} />
      )}
    </Field>
  )
}

/** The system's own list, in the look of the other fields. */
export function Select<Value extends string>({
  value,
  options,
  onChange,
  ...rest
}: Choice<Value> &
  Partial<FieldIds> & {
    'aria-label'?: string
    'data-field'?: string | undefined
    disabled?: boolean
  }) {
  return (
    <select
      {...rest}
      className={classNames(styles.input, styles.select)}
      value={value}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.target.value)
        if (chosen) onChange(chosen.value)
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}

/** One of a few, side by side: their group has the label. */
export function SegmentsField<Value extends string>({
  label,
  hint,
  ...choice
}: Omit<FieldProps, 'problem'> & Choice<Value>) {
  return (
    <div className={styles.field}>
      <span className={styles.label} aria-hidden="true">
        {label}
      </span>
      <div className={styles.control}>
        <Segments label={label} {...choice} />
      </div>
      <p className={styles.words}>{hint}</p>
    </div>
  )
}

export function Check({
  name,
  checked,
  disabled = false,
  onChange,
  children,
}: Named & {
  checked: boolean
  disabled?: boolean
  onChange: (checked: boolean) => void
  children: ReactNode
}) {
  return (
    <label className={styles.check}>
      <input
        type="checkbox"
        className={styles.box}
        checked={checked}
        disabled={disabled}
        data-field={name}
        onChange={(event) => onChange(event.target.checked)}
      />
      {children}
    </label>
  )
}
