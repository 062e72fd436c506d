import { type Translate } from '../../i18n/translate.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import styles from '../../ui/field.module.css'
import { Field as PlainField } from '../../ui/field.tsx'
import { NUMBER_FIELDS, type NumberField, type NumberKey } from './number-fields.ts'
import { type FieldProblem } from './settings-draft.ts'

interface FieldProps {
  label: string
  hint?: string | undefined
  problem?: FieldProblem | undefined
}

/** A field of the settings, with its problem in words. */
function Field({
  problem,
  ...rest
}: FieldProps & Pick<Parameters<typeof PlainField>[0], 'children'>) {
  const t = useTranslate()
  return <PlainField {...rest} problem={problem && problemWords(problem, t)} />
}

/** Not a setting of the team: a replay alone asks for it. */
const CAPACITY: NumberField = { unit: 'plain', minimum: 1, maximum: 50, isOptional: true }

export function NumberInput({
  of,
  label,
  hint,
  problem,
  value,
  onChange,
}: FieldProps & { of: NumberKey | 'capacity'; value: string; onChange: (typed: string) => void }) {
  const t = useTranslate()
  const { unit, isOptional }: NumberField = of === 'capacity' ? CAPACITY : NUMBER_FIELDS[of]
  return (
    <Field label={label} hint={hint} problem={problem}>
      {({ id, describedBy }) => (
        <>
          <input
            id={id}
            className={classNames(styles.input, styles.number)}
            inputMode="decimal"
            value={value}
            data-field={of}
            placeholder={
              isOptional ? t(of === 'capacity' ? 'replay.asItWas' : 'routing.never') : undefined
            }
            aria-describedby={describedBy}
            aria-invalid={problem !== undefined}
            onChange={(event) => onChange(event.target.value)}
          />
          {unit !== 'plain' && <span className={styles.unit}>{t(`unit.${unit}`)}</span>}
        </>
      )}
    </Field>
  )
}

export function SelectInput<Value extends string>({
  name,
  label,
  hint,
  problem,
  value,
  options,
  onChange,
}: FieldProps & {
  name: string
  value: Value
  options: readonly { value: Value; label: string }[]
  onChange: (value: Value) => void
}) {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {({ id, describedBy }) => (
        <select
          id={id}
          className={classNames(styles.input, styles.select)}
          value={value}
          data-field={name}
          aria-describedby={describedBy}
          aria-invalid={problem !== undefined}
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
      )}
    </Field>
  )
}

export function TextInput({
  name,
  label,
  hint,
  problem,
  value,
  lang,
  onChange,
}: FieldProps & { name: string; value: string; lang: string; onChange: (text: string) => void }) {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {({ id, describedBy }) => (
        <textarea
          id={id}
          className={classNames(styles.input, styles.text)}
          value={value}
          lang={lang}
          rows={3}
          data-field={name}
          aria-describedby={describedBy}
          aria-invalid={problem !== undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

function problemWords(problem: FieldProblem, t: Translate): string {
  return problem.kind === 'range'
    ? t('problem.range', { minimum: problem.minimum, maximum: problem.maximum })
    : t(`problem.${problem.kind}`)
}
