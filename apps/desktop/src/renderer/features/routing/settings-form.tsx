import type { TeamView } from '@parley/contracts'
import { OUT_OF_HOURS, ROUTING_MODES, ROUTING_STRATEGIES } from '@parley/domain'

import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { NumberInput, SelectInput, TextInput } from './fields.tsx'
import { type NumberKey } from './number-fields.ts'
import styles from './routing-screen.module.css'
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
    <NumberInput
      of={of}
      label={t(`field.${of}`)}
      hint={hint}
      problem={problems[of]}
      value={draft.numbers[of]}
      onChange={(typed) => set({ numbers: { ...draft.numbers, [of]: typed } })}
    />
  )
  return (
    <fieldset className={styles.form} disabled={isReadOnly}>
      <section className={styles.group}>
        <h2 className={styles.heading}>{t('routing.who')}</h2>
        <SelectInput
          name="mode"
          label={t('field.mode')}
          hint={t(`modeHint.${draft.mode}`)}
          value={draft.mode}
          options={ROUTING_MODES.map((value) => ({ value, label: t(`mode.${value}`) }))}
          onChange={(mode) => set({ mode })}
        />
        {draft.mode === 'offer' && number('offerSeconds', t('hint.offerSeconds'))}
        <SelectInput
          name="strategy"
          label={t('field.strategy')}
          hint={t(`strategyHint.${draft.strategy}`)}
          value={draft.strategy}
          options={ROUTING_STRATEGIES.map((value) => ({ value, label: t(`strategy.${value}`) }))}
          onChange={(strategy) => set({ strategy })}
        />
        {number('stickySeconds', t('hint.stickySeconds'))}
      </section>
      <section className={styles.group}>
        <h2 className={styles.heading}>{t('routing.whenLong')}</h2>
        {number('relaxSkillsAfterSeconds', t('hint.relaxSkillsAfterSeconds'))}
        {number('overflowAfterSeconds', t('hint.overflowAfterSeconds'))}
        {draft.numbers.overflowAfterSeconds.trim() !== '' && (
          <TeamSelect
            name="overflowTeamId"
            label={t('field.overflowTeamId')}
            problem={problems.overflowTeamId}
            value={draft.overflowTeamId}
            teams={others}
            onChange={(overflowTeamId) => set({ overflowTeamId })}
          />
        )}
      </section>
      <section className={styles.group}>
        <h2 className={styles.heading}>{t('routing.closed')}</h2>
        <SelectInput
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
            problem={problems.outOfHoursTeamId}
            value={draft.outOfHoursTeamId}
            teams={others}
            onChange={(outOfHoursTeamId) => set({ outOfHoursTeamId })}
          />
        )}
        {draft.outOfHours === 'auto_reply' && (
          <>
            <TextInput
              name="textEs"
              lang="es"
              label={t('field.textEs')}
              hint={t('hint.textEs')}
              problem={problems.textEs}
              value={draft.textEs}
              onChange={(textEs) => set({ textEs })}
            />
            <TextInput
              name="textEn"
              lang="en"
              label={t('field.textEn')}
              problem={problems.textEn}
              value={draft.textEn}
              onChange={(textEn) => set({ textEn })}
            />
          </>
        )}
      </section>
      <section className={styles.group}>
        <h2 className={styles.heading}>{t('routing.load')}</h2>
        {number('whatsappWeight')}
        {number('chatAppWeight', t('hint.weights'))}
        {number('pendingCustomerFraction', t('hint.pendingCustomerFraction'))}
      </section>
      <section className={styles.group}>
        <h2 className={styles.heading}>{t('routing.afterwards')}</h2>
        {number('wrapUpSeconds', t('hint.wrapUpSeconds'))}
        {number('returnUnansweredSeconds', t('hint.returnUnansweredSeconds'))}
        {number('reopenWindowSeconds', t('hint.reopenWindowSeconds'))}
      </section>
    </fieldset>
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
  problem: Problems['overflowTeamId']
  value: string | null
  teams: readonly TeamView[]
  onChange: (teamId: string | null) => void
}) {
  const t = useTranslate()
  return (
    <SelectInput
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
