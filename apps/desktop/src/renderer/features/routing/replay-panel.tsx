import type { ReplayOutput } from '@parley/contracts'
import { ROUTING_STRATEGIES, type RoutingSettings } from '@parley/domain'
import { type FormEvent, useState } from 'react'

import { useAsking } from '../../bridge/use-asking.ts'
import { useConnection } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { SegmentsField, SelectField } from '../../ui/form/fields.tsx'
import { Fields, Group, Note, Panel, PanelBody, Refusal } from '../../ui/form/panel.tsx'
import text from '../../ui/text.module.css'
import { type NumberKey } from './number-fields.ts'
import { NumberSetting } from './number-setting.tsx'
import styles from './replay-panel.module.css'
import { ReplayResult } from './replay-result.tsx'
import { REPLAY_PERIODS, type ReplayPeriod, periodOf } from './replay-period.ts'
import { type Problems, fromDraft, toDraft } from './settings-draft.ts'

/** What a replay can change: what decides who gets it, not what happens around. */
const CHANGEABLE = [
  'stickySeconds',
  'relaxSkillsAfterSeconds',
  'whatsappWeight',
  'chatAppWeight',
  'pendingCustomerFraction',
  'wrapUpSeconds',
] as const satisfies readonly NumberKey[]
const MOST_CAPACITY = 50
const WRONG_CAPACITY = { kind: 'range', minimum: '1', maximum: String(MOST_CAPACITY) } as const

/** A past period once more, with other settings: what would have been. Nothing is changed by it. */
export function ReplayPanel({ teamId, present }: { teamId: string; present: RoutingSettings }) {
  const t = useTranslate()
  const { ask, isBusy, error, forgetError } = useAsking()
  const isOnline = useConnection()?.state === 'online'
  const [period, setPeriod] = useState<ReplayPeriod>('yesterday')
  const [draft, setDraft] = useState(() => toDraft(present))
  const [capacity, setCapacity] = useState('')
  const [problems, setProblems] = useState<Problems>({})
  const [result, setResult] = useState<ReplayOutput | null>(null)

  const run = async (event: FormEvent) => {
    event.preventDefault()
    // The rest of the form is not asked for here and not shown: it is taken as it is stored.
    const read = fromDraft({
      ...toDraft(present),
      strategy: draft.strategy,
      numbers: draft.numbers,
    })
    setProblems(read.problems)
    const everybody = capacityOf(capacity)
    if (read.value === null || everybody === undefined) return
    const { strategy, stickySeconds, relaxSkillsAfterSeconds } = read.value
    const { channelWeights, pendingCustomerFraction, wrapUpSeconds } = read.value
    forgetError()
    const answer = await ask('routing.replay', {
      teamId,
      ...periodOf(period, Date.now()),
      settings: {
        strategy,
        stickySeconds,
        relaxSkillsAfterSeconds,
        channelWeights,
        pendingCustomerFraction,
        wrapUpSeconds,
      },
      capacity: everybody,
    })
    if (answer.ok) setResult(answer.value)
  }
  return (
    <Panel>
      <PanelBody isBusy={isBusy}>
        <Note>{t('replay.words')}</Note>
        <form onSubmit={(event) => void run(event)}>
          <Fields>
            <Group>
              <SegmentsField
                label={t('replay.period')}
                value={period}
                options={REPLAY_PERIODS.map((value) => ({ value, label: t(`replay.${value}`) }))}
                onChange={setPeriod}
              />
              <SelectField
                name="replay-strategy"
                label={t('field.strategy')}
                value={draft.strategy}
                options={ROUTING_STRATEGIES.map((value) => ({
                  value,
                  label: t(`strategy.${value}`),
                }))}
                onChange={(strategy) => setDraft({ ...draft, strategy })}
              />
              {CHANGEABLE.map((of) => (
                <NumberSetting
                  key={of}
                  of={of}
                  problem={problems[of]}
                  value={draft.numbers[of]}
                  onChange={(typed) =>
                    setDraft({ ...draft, numbers: { ...draft.numbers, [of]: typed } })
                  }
                />
              ))}
              <NumberSetting
                of="capacity"
                hint={t('hint.capacity')}
                problem={capacityOf(capacity) === undefined ? WRONG_CAPACITY : undefined}
                value={capacity}
                onChange={setCapacity}
              />
            </Group>
          </Fields>
          <div className={styles.run}>
            <Button type="submit" look="primary" disabled={!isOnline || isBusy}>
              {t(isBusy ? 'replay.running' : 'replay.run')}
            </Button>
            {error && <Refusal error={error} />}
            {!isOnline && <p className={text.meta}>{t('replay.offline')}</p>}
          </div>
        </form>
        {result && <ReplayResult result={result} />}
      </PanelBody>
    </Panel>
  )
}

/** Null: as it was; undefined: not a capacity. */
function capacityOf(typed: string): number | null | undefined {
  const digits = typed.trim()
  if (digits === '') return null
  const value = /^\d+$/.test(digits) ? Number(digits) : 0
  return value >= 1 && value <= MOST_CAPACITY ? value : undefined
}
