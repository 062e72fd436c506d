import type { Provider, ProviderSettings, ProvidersOutput } from '@parley/contracts'
import { ROLES } from '@parley/domain'
import { type FormEvent, type ReactNode, useState } from 'react'

import { useAsking } from '../../bridge/use-asking.ts'
import { useErrorWords } from '../../bridge/use-error-words.ts'
import { useConnection } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import field from '../../ui/field.module.css'
import { Check, Select } from '../../ui/form/fields.tsx'
import { Refused } from '../../ui/refused.tsx'
import { PanePart, SidePane } from '../../ui/side-pane.tsx'
import text from '../../ui/text.module.css'
import { draftOf, settingsOf, type ProviderDraft } from './provider-draft.ts'
import styles from './people.module.css'

const CHECKS = ['isActive', 'isForced', 'createsPeople', 'trustsEmail'] as const
const LINES = ['name', 'issuer', 'clientId', 'clientSecret', 'domains', 'groupsClaim'] as const
const NEEDED: ReadonlySet<string> = new Set(['name', 'issuer', 'clientId', 'domains'])

/** A company's directory as it is asked who somebody is. */
export function ProviderPane({
  provider,
  addresses,
  onSaved,
  onClose,
}: {
  /** Null: a new one. */
  provider: Provider | null
  addresses: Pick<ProvidersOutput, 'callbackUrl' | 'logoutUrl'>
  onSaved: () => Promise<void>
  onClose: () => void
}) {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const { ask, isBusy, error } = useAsking()
  const wordsOf = useErrorWords()
  const [draft, setDraft] = useState(draftOf(provider))
  const [isSure, setSure] = useState(false)
  const [checked, setChecked] = useState<ReactNode>(null)
  const set = (change: Partial<ProviderDraft>) => setDraft((before) => ({ ...before, ...change }))
  const isStuck = isBusy || !isOnline
  const isChanged = JSON.stringify(draft) !== JSON.stringify(draftOf(provider))

  const save = async (event: FormEvent) => {
    event.preventDefault()
    const result = await ask('signOn.save', {
      id: provider?.id ?? null,
      basedOn: provider?.version ?? null,
      settings: settingsOf(draft),
      clientSecret: draft.clientSecret === '' ? null : draft.clientSecret,
    })
    if (!result.ok) return
    await onSaved()
    if (provider === null) onClose()
  }
  const check = async (id: string) => {
    setChecked(null)
    const result = await ask('signOn.check', { id })
    if (result.ok) setChecked(t(`signOn.check.${result.value.fault ?? 'well'}`))
  }
  const remove = async (id: string) => {
    const result = await ask('signOn.remove', { id })
    if (!result.ok) return
    await onSaved()
    onClose()
  }
  return (
    <SidePane title={provider?.name ?? t('signOn.new')} onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void save(event)}>
        {error && <Refused words={wordsOf(error)} />}
        <PanePart label={t('signOn.addresses')}>
          <p className={text.meta}>{t('signOn.addressesWords')}</p>
          <Address label={t('signOn.callback')} value={addresses.callbackUrl} />
          <Address label={t('signOn.logout')} value={addresses.logoutUrl} />
        </PanePart>
        {LINES.map((name) => (
          <PanePart key={name} label={t(`signOn.${name}`)}>
            <input
              className={classNames(field.input, styles.wide)}
              name={name}
              type={name === 'clientSecret' ? 'password' : 'text'}
              required={NEEDED.has(name)}
              maxLength={1000}
              autoComplete="off"
              placeholder={
                name === 'clientSecret' && provider?.hasSecret ? t('signOn.secretKept') : undefined
              }
              value={draft[name]}
              aria-label={t(`signOn.${name}`)}
              onChange={({ target }) => set({ [name]: target.value })}
            />
            <p className={text.meta}>{t(`signOn.${name}Words`)}</p>
          </PanePart>
        ))}
        <PanePart label={t('signOn.who')}>
          {CHECKS.map((name) => (
            <div key={name}>
              <Check name={name} checked={draft[name]} onChange={(isOn) => set({ [name]: isOn })}>
                {t(`signOn.${name}`)}
              </Check>
              <p className={text.meta}>{t(`signOn.${name}Words`)}</p>
            </div>
          ))}
        </PanePart>
        {draft.createsPeople && (
          <PanePart label={t('signOn.defaultRole')}>
            <Select
              aria-label={t('signOn.defaultRole')}
              value={draft.defaultRole}
              options={ROLES.filter(mayBeGiven).map((role) => ({
                value: role,
                label: t(`role.${role}`),
              }))}
              onChange={(defaultRole) => set({ defaultRole })}
            />
          </PanePart>
        )}
        <div>
          <Button type="submit" look="primary" disabled={isStuck || !isChanged}>
            {t('form.save')}
          </Button>
        </div>
      </form>
      {provider !== null && (
        <PanePart
          label={t('signOn.check')}
          action={
            <LinkButton disabled={isStuck || isChanged} onClick={() => void check(provider.id)}>
              {t('signOn.checkNow')}
            </LinkButton>
          }
        >
          <p className={text.meta} role="status">
            {checked ?? t('signOn.checkWords')}
          </p>
        </PanePart>
      )}
      {provider !== null && (
        <PanePart label={t('signOn.remove')}>
          <p className={text.meta}>{t('signOn.removeWords')}</p>
          <div>
            <Button
              look={isSure ? 'danger' : 'line'}
              disabled={isStuck}
              onClick={() => (isSure ? void remove(provider.id) : setSure(true))}
            >
              {t(isSure ? 'signOn.removeSure' : 'signOn.removeNow')}
            </Button>
          </div>
        </PanePart>
      )}
    </SidePane>
  )
}

/** To be copied into the directory's own settings. */
function Address({ label, value }: { label: string; value: string }) {
  return (
    <label className={styles.choice}>
      <span className={text.meta}>{label}</span>
      <input
        className={classNames(field.input, styles.linkText)}
        readOnly
        value={value}
        onFocus={({ target }) => target.select()}
      />
    </label>
  )
}

function mayBeGiven(role: (typeof ROLES)[number]): role is ProviderSettings['defaultRole'] {
  return role !== 'admin'
}
