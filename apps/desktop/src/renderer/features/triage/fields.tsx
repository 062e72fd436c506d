import { type ReactNode, useId } from 'react'

import { classNames } from '../../ui/class-names.ts'
import fields from '../../ui/field.module.css'
import styles from './fields.module.css'

interface FieldProps {
  label: string
  hint?: string | undefined
  /** In words. */
  problem?: string | undefined
}

interface Ids {
  id: string
  'aria-describedby': string
  'aria-invalid': boolean
}

/** A label, its control, what it means, and what is wrong with it. */
export function Field({
  label,
  hint,
  problem,
  children,
}: FieldProps & { children: (ids: Ids) => ReactNode }) {
  const id = useId()
  const words = `${id}-words`
  return (
    <div className={classNames(fields.field, problem !== undefined && fields.wrong)}>
      <label className={fields.label} htmlFor={id}>
        {label}
      </label>
      <div className={fields.control}>
        {children({ id, 'aria-describedby': words, 'aria-invalid': problem !== undefined })}
      </div>
      <p className={fields.words} id={words} role={problem === undefined ? undefined : 'alert'}>
        {problem ?? hint}
      </p>
    </div>
  )
}

/** Several controls under one name. */
export function FieldGroup({
  label,
  hint,
  problem,
  children,
}: FieldProps & { children: ReactNode }) {
  const id = useId()
  return (
    <div
      className={classNames(fields.field, problem !== undefined && fields.wrong)}
      role="group"
      aria-labelledby={id}
    >
      <span className={fields.label} id={id}>
        {label}
      </span>
      <div className={styles.stack}>{children}</div>
      <p className={fields.words} role={problem === undefined ? undefined : 'alert'}>
        {problem ?? hint}
      </p>
    </div>
  )
}

export function TextField({
  value,
  maxLength,
  unit,
  isShort = false,
  placeholder,
  onChange,
  ...field
}: FieldProps & {
  value: string
  maxLength: number
  unit?: string
  isShort?: boolean
  placeholder?: string
  onChange: (value: string) => void
}) {
  return (
    <Field {...field}>
      {(ids) => (
        <>
          <input
            {...ids}
            className={classNames(fields.input, isShort ? fields.number : fields.text)}
            value={value}
            maxLength={maxLength}
            placeholder={placeholder}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange(event.target.value)}
          />
          {unit !== undefined && <span className={fields.unit}>{unit}</span>}
        </>
      )}
    </Field>
  )
}

export function SelectField<Value extends string>({
  value,
  options,
  onChange,
  ...field
}: FieldProps & {
  value: Value
  options: readonly { value: Value; label: string }[]
  onChange: (value: Value) => void
}) {
  return (
    <Field {...field}>
      {(ids) => <Select {...ids} value={value} options={options} onChange={onChange} />}
    </Field>
  )
}

/** The system's own list, in the look of the other fields. */
export function Select<Value extends string>({
  value,
  options,
  onChange,
  ...rest
}: Partial<Ids> & {
  'aria-label'?: string
  value: Value
  options: readonly { value: Value; label: string }[]
  onChange: (value: Value) => void
}) {
  return (
    <select
      {...rest}
      className={classNames(fields.input, fields.select)}
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

export function Check({
  checked,
  disabled = false,
  onChange,
  children,
}: {
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
        onChange={(event) => onChange(event.target.checked)}
      />
      {children}
    </label>
  )
}
