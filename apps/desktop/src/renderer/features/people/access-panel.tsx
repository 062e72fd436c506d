import type { SecurityPolicyOutput } from '@parley/contracts'
import { ROLES } from '@parley/domain'
import { useState } from 'react'

import { useAsking } from '../../bridge/use-asking.ts'
import { useServerRead } from '../../bridge/use-server-read.ts'
import { useConnection } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { FieldGroup } from '../../ui/field.tsx'
import { Check, TextField } from '../../ui/form/fields.tsx'
import { Fields, Group, Note, Panel, PanelBody, Refusal } from '../../ui/form/panel.tsx'
import text from '../../ui/text.module.css'
import { WhenRead } from '../../ui/when-read.tsx'
import { ApiKeys } from './api-keys.tsx'
import styles from './people.module.css'
import {
  type BoundedField,
  draftOf,
  policyOf,
  type PolicyDraft,
  problemsOf,
} from './policy-draft.ts'
import { SessionList } from './session-list.tsx'

/** What holds for all accounts, and where everybody is signed in. */
export function AccessPanel() {
  const t = useTranslate()
  const read = useServerRead('security.policy', undefined)
  return (
    <Panel>
      <PanelBody>
        <WhenRead read={read} failed={t('access.failed')}>
          {(stored) => (
            <PolicyForm
              key={stored.version}
              stored={stored}
              onSaved={read.put}
              onConflict={read.readAgain}
            />
          )}
        </WhenRead>
        <div className={styles.apart}>
          <ApiKeys />
          <Group heading={t('access.sessions')}>
            <Note>{t('access.sessionsWords')}</Note>
            <SessionList userId={null} />
          </Group>
        </div>
      </PanelBody>
    </Panel>
  )
}

function PolicyForm({
  stored,
  onSaved,
  onConflict,
}: {
  stored: SecurityPolicyOutput
  onSaved: (saved: SecurityPolicyOutput) => void
  onConflict: () => Promise<void>
}) {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const { ask, isBusy, error } = useAsking()
  const [draft, setDraft] = useState(draftOf(stored.policy))
  const set = (change: Partial<PolicyDraft>) => setDraft((before) => ({ ...before, ...change }))
  const policy = policyOf(draft)
  const problems = problemsOf(policy)
  const wrong = (field: BoundedField) =>
    problems.has(field) ? t(`access.wrong.${field}`) : undefined
  const isChanged = JSON.stringify(policy) !== JSON.stringify(stored.policy)
  const save = async () => {
    const result = await ask('security.savePolicy', { policy, basedOn: stored.version })
    if (result.ok) onSaved(result.value)
    else if (result.error.code === 'conflict') await onConflict()
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <Fields>
        <Group heading={t('access.passwords')}>
          <TextField
            name="passwordMinLength"
            label={t('access.passwordMinLength')}
            hint={t('access.passwordMinLengthWords')}
            problem={wrong('passwordMinLength')}
            value={draft.passwordMinLength}
            isShort
            onChange={(passwordMinLength) => set({ passwordMinLength })}
          />
          <FieldGroup label={t('access.secondFactor')} hint={t('access.secondFactorWords')}>
            {ROLES.map((role) => (
              <Check
                key={role}
                name={`secondFactor.${role}`}
                checked={draft.secondFactorRoles.includes(role)}
                onChange={(isOn) =>
                  set({
                    secondFactorRoles: ROLES.filter((one) =>
                      one === role ? isOn : draft.secondFactorRoles.includes(one),
                    ),
                  })
                }
              >
                {t(`role.${role}`)}
              </Check>
            ))}
          </FieldGroup>
        </Group>
        <Group heading={t('access.lifetimes')}>
          <TextField
            name="idleHours"
            label={t('access.idle')}
            hint={t('access.idleWords')}
            problem={wrong('sessionIdleMinutes')}
            value={draft.idleHours}
            isShort
            unit={t('access.hours')}
            onChange={(idleHours) => set({ idleHours })}
          />
          <TextField
            name="lifetimeDays"
            label={t('access.lifetime')}
            hint={t('access.lifetimeWords')}
            problem={wrong('sessionLifetimeMinutes')}
            value={draft.lifetimeDays}
            isShort
            unit={t('access.days')}
            onChange={(lifetimeDays) => set({ lifetimeDays })}
          />
        </Group>
        {error && <Refusal error={error} />}
        <div className={text.line}>
          <Button
            type="submit"
            look="primary"
            disabled={problems.size > 0 || !isChanged || isBusy || !isOnline}
          >
            {t('form.save')}
          </Button>
          <Button
            look="line"
            disabled={!isChanged || isBusy}
            onClick={() => setDraft(draftOf(stored.policy))}
          >
            {t('form.discard')}
          </Button>
        </div>
      </Fields>
    </form>
  )
}
