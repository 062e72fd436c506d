import { type Translate } from '../../i18n/translate.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { NUMBER_FIELDS, type NumberField, type NumberKey } from './number-fields.ts'
import { type FieldProblem } from './settings-draft.ts'

/** Not a setting of the team: a replay alone asks for it. */
const CAPACITY: NumberField = { unit: 'plain', minimum: 1, maximum: 50, isOptional: true }

interface NumberSettingProps {
  of: NumberKey | 'capacity'
  hint?: string | undefined
  problem?: FieldProblem | undefined
  value: string
  onChange: (typed: string) => void
}

/** A number of the settings in its unit, as it is typed. */
export function NumberSetting({ of, problem, ...field }: NumberSettingProps) {
  const t = useTranslate()
  const { unit, isOptional }: NumberField = of === 'capacity' ? CAPACITY : NUMBER_FIELDS[of]
  const whenEmpty = t(of === 'capacity' ? 'replay.asItWas' : 'routing.never')
  return (
    <TextField
      {...field}
      name={of}
      label={t(`field.${of}`)}
      problem={problemWords(problem, t)}
      isShort
      unit={unit === 'plain' ? undefined : t(`unit.${unit}`)}
      placeholder={isOptional ? whenEmpty : undefined}
    />
  )
}

export function problemWords(problem: FieldProblem | undefined, t: Translate): string | undefined {
  if (problem === undefined) return undefined
  return problem.kind === 'range'
    ? t('problem.range', { minimum: problem.minimum, maximum: problem.maximum })
    : t(`problem.${problem.kind}`)
}
