import type { GetModelOutput } from '@parley/contracts'
import { PRIORITIES } from '@parley/domain'

import { useDirectory } from '../../bridge/views.ts'
import { exactMoment } from '../../i18n/moments.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { useNow } from '../../ui/use-now.ts'
import fields from '../../ui/field.module.css'
import { Field, FieldGroup } from '../../ui/field.tsx'
import { Check, SelectField, TextField } from '../../ui/form/fields.tsx'
import { Fields, Group, Note } from '../../ui/form/panel.tsx'
import { skillName } from '../../ui/skill-names.ts'
import { type ModelDraft, type ModelField, type ModelProblems } from './model-draft.ts'
import styles from './model-panel.module.css'
import { PhraseInput } from './phrase-input.tsx'

const PROVIDERS = ['openai', 'anthropic'] as const
const FORMATS = ['json_schema', 'none'] as const
const MAXIMUM_SKILLS = 100

interface ModelFormProps {
  draft: ModelDraft
  problems: ModelProblems
  keyState: GetModelOutput['state']
  keyStoredAt: string | null
  onChange: (draft: ModelDraft) => void
}

/** Where the model is and how it is asked, what it costs, and what it may choose. */
export function ModelForm(props: ModelFormProps) {
  const { draft, problems, onChange } = props
  const t = useTranslate()
  const set = (change: Partial<ModelDraft>) => onChange({ ...draft, ...change })
  const wrong = (field: ModelField) => {
    const problem = problems[field]
    return problem && t(`triage.modelProblem.${problem}`)
  }
  const number = (
    field: 'temperature' | 'timeLimit' | 'inputPrice' | 'outputPrice',
    unit?: string,
    hint?: string,
  ) => (
    <TextField
      label={t(`triage.model.${field}`)}
      hint={hint}
      problem={wrong(field)}
      value={draft[field]}
      maxLength={12}
      isShort
      unit={unit}
      onChange={(value) => set({ [field]: value })}
    />
  )
  return (
    <Fields>
      <Note>{t('triage.modelWords')}</Note>
      <Group>
        <FieldGroup label={t('triage.model.use')}>
          <Check checked={draft.isActive} onChange={(isActive) => set({ isActive })}>
            {t('triage.model.isActive')}
          </Check>
        </FieldGroup>
        <SelectField
          label={t('triage.model.provider')}
          value={draft.provider}
          options={PROVIDERS.map((value) => ({ value, label: t(`triage.provider.${value}`) }))}
          onChange={(provider) => set({ provider })}
        />
        <TextField
          label={t('triage.model.baseUrl')}
          hint={t('triage.model.baseUrlHint')}
          problem={wrong('baseUrl')}
          value={draft.baseUrl}
          maxLength={500}
          placeholder="https://"
          onChange={(baseUrl) => set({ baseUrl })}
        />
        <FieldGroup label={t('triage.model.network')}>
          <Check
            checked={draft.allowPrivateAddress}
            onChange={(allowPrivateAddress) => set({ allowPrivateAddress })}
          >
            {t('triage.model.allowPrivateAddress')}
          </Check>
          {draft.allowPrivateAddress && (
            <p className={styles.warning} role="status">
              {t('triage.model.privateWarning')}
            </p>
          )}
        </FieldGroup>
        <TextField
          label={t('triage.model.model')}
          problem={wrong('model')}
          value={draft.model}
          maxLength={200}
          onChange={(model) => set({ model })}
        />
        <KeyField {...props} problem={wrong('newKey')} />
      </Group>
      <Group heading={t('triage.model.how')}>
        {number('timeLimit', t('unit.seconds'), t('triage.model.timeLimitHint'))}
        {number('temperature', undefined, t('triage.model.temperatureHint'))}
        {draft.provider === 'openai' && (
          <SelectField
            label={t('triage.model.responseFormat')}
            hint={t('triage.model.responseFormatHint')}
            value={draft.responseFormat}
            options={FORMATS.map((value) => ({ value, label: t(`triage.format.${value}`) }))}
            onChange={(responseFormat) => set({ responseFormat })}
          />
        )}
        {number('inputPrice', t('triage.model.priceUnit'))}
        {number('outputPrice', t('triage.model.priceUnit'), t('triage.model.priceHint'))}
      </Group>
      <Allowed {...props} wrong={wrong} set={set} />
    </Fields>
  )
}

/** What it may choose: there is nothing else to be had, whatever a customer writes. */
function Allowed({
  draft,
  wrong,
  set,
}: ModelFormProps & {
  wrong: (field: ModelField) => string | undefined
  set: (change: Partial<ModelDraft>) => void
}) {
  const t = useTranslate()
  const { teams } = useDirectory()
  const { teamIds, priorities } = draft
  return (
    <Group heading={t('triage.model.allowed')}>
      <FieldGroup label={t('triage.model.teams')} problem={wrong('teamIds')}>
        <Check
          checked={teamIds === null}
          onChange={(all) => set({ teamIds: all ? null : [...teams.keys()] })}
        >
          {t('triage.model.allTeams')}
        </Check>
        {teamIds !== null && (
          <div className={styles.choices}>
            {[...teams.values()].map(({ id, name }) => (
              <Check
                key={id}
                checked={teamIds.includes(id)}
                onChange={(on) =>
                  set({ teamIds: on ? [...teamIds, id] : teamIds.filter((one) => one !== id) })
                }
              >
                {name}
              </Check>
            ))}
          </div>
        )}
      </FieldGroup>
      <FieldGroup label={t('triage.model.priorities')} problem={wrong('priorities')}>
        <div className={styles.choices}>
          {PRIORITIES.toReversed().map((priority) => (
            <Check
              key={priority}
              checked={priorities.includes(priority)}
              onChange={(on) =>
                set({
                  priorities: on
                    ? [...priorities, priority]
                    : priorities.filter((one) => one !== priority),
                })
              }
            >
              {t(`priority.${priority}`)}
            </Check>
          ))}
        </div>
      </FieldGroup>
      <FieldGroup label={t('triage.skills')} hint={t('triage.model.skillsHint')}>
        <div className={styles.phrases}>
          <PhraseInput
            label={t('triage.skills')}
            placeholder={t('skills.new')}
            words={draft.skills}
            maximum={MAXIMUM_SKILLS}
            onChange={(skills) => set({ skills: namesOf(skills) })}
          />
        </div>
      </FieldGroup>
    </Group>
  )
}

/** As people's skills are stored. */
const namesOf = (typed: readonly string[]): string[] => [
  ...new Set(typed.map(skillName).filter((name) => name !== null)),
]

/** Never shown: it says since when there is one, and takes another. */
function KeyField({
  draft,
  keyState,
  keyStoredAt,
  problem,
  onChange,
}: ModelFormProps & { problem: string | undefined }) {
  const t = useTranslate()
  const language = useLanguage()
  const now = useNow('minute')
  const setKey = (newKey: string | null) => onChange({ ...draft, newKey })
  const isStored = keyState === 'stored'
  if (draft.newKey === null && isStored && problem === undefined)
    return (
      <FieldGroup label={t('triage.model.apiKey')}>
        <span className={styles.key}>
          {keyStoredAt !== null &&
            t('triage.model.keyStored', {
              at: exactMoment(Date.parse(keyStoredAt), now, language),
            })}
          <Button look="line" onClick={() => setKey('')}>
            {t('triage.model.replaceKey')}
          </Button>
        </span>
      </FieldGroup>
    )
  return (
    <Field label={t('triage.model.apiKey')} hint={t(KEY_HINTS[keyState])} problem={problem}>
      {(ids) => (
        <>
          <input
            {...ids}
            type="password"
            className={classNames(fields.input, fields.text)}
            value={draft.newKey ?? ''}
            maxLength={500}
            autoComplete="off"
            onChange={(event) => setKey(event.target.value)}
          />
          {isStored && (
            <Button look="line" onClick={() => setKey(null)}>
              {t('triage.model.keepKey')}
            </Button>
          )}
        </>
      )}
    </Field>
  )
}

const KEY_HINTS = {
  absent: 'triage.model.keyHint',
  stored: 'triage.model.keyStays',
  unreadable: 'triage.model.keyUnreadable',
} as const
