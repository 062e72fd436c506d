import type { TeamView } from '@parley/contracts'
import { OUT_OF_HOURS, ROUTING_MODES, ROUTING_STRATEGIES } from '@parley/domain'

import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { ProseField, SelectField } from '../../ui/form/fields.tsx'
import { Fields, Group } from '../../ui/form/panel.tsx'
import { type NumberKey } from './number-fields.ts'
import { NumberSetting, problemWords } from './number-setting.tsx'
import { type Problems, type SettingsDraft } from './settings-draft.ts'

interface SettingsFormProps {
  teamId: string
  draft: SettingsDraft
  problems: Problems
  isReadOnly: boolean
  onChange: (draft: SettingsDraft) => void
}

/** Everything that a team sets about how conversations leave its queue. */
export function SettingsForm({ teamId, draft, problems, isReadOnly, onChange }: SettingsFormProps) {
  const t = useTranslate()
  const { teams } = useDirectory()
  const others = [...teams.values()].filter(({ id }) => id !== teamId)
  const set = (change: Partial<SettingsDraft>) => onChange({ ...draft, ...change })
  const number = (of: NumberKey, hint?: string) => (
    <NumberSetting
      of={of}
      hint={hint}
      problem={problems[of]}
      value={draft.numbers[of]}
      onChange={(typed) => set({ numbers: { ...draft.numbers, [of]: typed } })}
    />
  )
  return (
    <Fields isReadOnly={isReadOnly}>
      <Group heading={t('routing.who')}>
        <SelectField
          name="mode"
          label={t('field.mode')}
          hint={t(`modeHint.${draft.mode}`)}
          value={draft.mode}
          options={ROUTING_MODES.map((value) => ({ value, label: t(`mode.${value}`) }))}
          onChange={(mode) => set({ mode })}
        />
        {draft.mode === 'offer' && number('offerSeconds', t('hint.offerSeconds'))}
        <SelectField
          name="strategy"
          label={t('field.strategy')}
          hint={t(`strategyHint.${draft.strategy}`)}
          value={draft.strategy}
          options={ROUTING_STRATEGIES.map((value) => ({ value, label: t(`strategy.${value}`) }))}
          onChange={(strategy) => set({ strategy })}
        />
        {number('stickySeconds', t('hint.stickySeconds'))}
      </Group>
      <Group heading={t('routing.whenLong')}>
        {number('relaxSkillsAfterSeconds', t('hint.relaxSkillsAfterSeconds'))}
        {number('overflowAfterSeconds', t('hint.overflowAfterSeconds'))}
        {draft.numbers.overflowAfterSeconds.trim() !== '' && (
          <TeamSelect
            name="overflowTeamId"
            label={t('field.overflowTeamId')}
            problem={problemWords(problems.overflowTeamId, t)}
            value={draft.overflowTeamId}
            teams={others}
            onChange={(overflowTeamId) => set({ overflowTeamId })}
          />
        )}
      </Group>
      <Group heading={t('routing.closed')}>
        <SelectField
          name="outOfHours"
          label={t('field.outOfHours')}
          value={draft.outOfHours}
          options={OUT_OF_HOURS.map((value) => ({ value, label: t(`outOfHours.${value}`) }))}
          onChange={(outOfHours) => set({ outOfHours })}
        />
        {draft.outOfHours === 'team' && (
          <TeamSelect
            name="outOfHoursTeamId"
            label={t('field.outOfHoursTeamId')}
            problem={problemWords(problems.outOfHoursTeamId, t)}
            value={draft.outOfHoursTeamId}
            teams={others}
            onChange={(outOfHoursTeamId) => set({ outOfHoursTeamId })}
          />
        )}
        {draft.outOfHours === 'auto_reply' && (
          <>
            <ProseField
              name="textEs"
              lang="es"
              label={t('field.textEs')}
              hint={t('hint.textEs')}
              problem={problemWords(problems.textEs, t)}
              value={draft.textEs}
              onChange={(textEs) => set({ textEs })}
            />
            <ProseField
              name="textEn"
              lang="en"
              label={t('field.textEn')}
              problem={problemWords(problems.textEn, t)}
              value={draft.textEn}
              onChange={(textEn) => set({ textEn })}
            />
          </>
        )}
      </Group>
      <Group heading={t('routing.load')}>
        {number('whatsappWeight')}
        {number('chatAppWeight', t('hint.weights'))}
        {number('pendingCustomerFraction', t('hint.pendingCustomerFraction'))}
      </Group>
      <Group heading={t('routing.afterwards')}>
        {number('wrapUpSeconds', t('hint.wrapUpSeconds'))}
        {number('returnUnansweredSeconds', t('hint.returnUnansweredSeconds'))}
        {number('reopenWindowSeconds', t('hint.reopenWindowSeconds'))}
      </Group>
    </Fields>
  )
}

const NO_TEAM = ''

function TeamSelect({
  value,
  teams,
  onChange,
  ...field
}: {
  name: string
  label: string
  problem: string | undefined
  value: string | null
  teams: readonly TeamView[]
  onChange: (teamId: string | null) => void
}) {
  const t = useTranslate()
  return (
    <SelectField
      {...field}
      value={value ?? NO_TEAM}
      options={[
        { value: NO_TEAM, label: t('routing.chooseTeam') },
        ...teams.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      onChange={(chosen) => onChange(chosen === NO_TEAM ? null : chosen)}
    />
  )
}
