import type { ApiKeySummary, CreatedApiKey } from '@parley/contracts'
import { API_SCOPES, mayOwn, type ApiScope } from '@parley/domain'
import { KeyRound } from 'lucide-react'
import { type FormEvent, useState } from 'react'

import { useAsking } from '../../bridge/use-asking.ts'
import { useServerRead } from '../../bridge/use-server-read.ts'
import { useConnection, useDirectory, useMe } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { FieldGroup } from '../../ui/field.tsx'
import { Check, Select, SelectField, TextField } from '../../ui/form/fields.tsx'
import { Fields, Group, Note, Refusal } from '../../ui/form/panel.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Pill } from '../../ui/pill.tsx'
import { TwoLines } from '../../ui/side-pane.tsx'
import text from '../../ui/text.module.css'
import { useNow } from '../../ui/use-now.ts'
import { useTimeOrDate } from '../../ui/use-time-or-date.ts'
import { WhenRead } from '../../ui/when-read.tsx'
import { daysIn, keyOf, lifetimeOf, type KeyDraft } from './key-draft.ts'
import styles from './people.module.css'
import { ShownOnce } from './shown-once.tsx'

/** In hours: how long a key lives on beside the next one. */
const OVERLAPS = ['0', '24', '168', '720'] as const
const USUAL_DAYS = '365'

/** Keys by which programs get in: the company's directory, and whatever else works with Parley. */
export function ApiKeys() {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const timeOrDate = useTimeOrDate()
  const read = useServerRead('apiKeys.list', undefined)
  const [isMaking, setMaking] = useState(false)
  const [made, setMade] = useState<CreatedApiKey | null>(null)
  const onMade = (key: CreatedApiKey) => {
    setMaking(false)
    setMade(key)
    void read.readAgain()
  }
  return (
    <Group
      heading={t('apiKeys.title')}
      action={
        <Button look="line" size="small" disabled={!isOnline} onClick={() => setMaking(true)}>
          {t('apiKeys.new')}
        </Button>
      }
    >
      <Note>{t('apiKeys.words')}</Note>
      {isMaking && <NewKey onMade={onMade} onClose={() => setMaking(false)} />}
      {made !== null && (
        <ShownOnce
          key={made.id}
          label={t('apiKeys.key')}
          value={made.key}
          words={t('apiKeys.keyWords')}
          until={t('apiKeys.until', { at: timeOrDate(made.expiresAt) })}
        />
      )}
      <WhenRead read={read} failed={t('apiKeys.failed')}>
        {(keys) => (
          <ul className={styles.sessions}>
            {keys.map((key) => (
              <KeyRow key={key.id} of={key} onMade={onMade} onChanged={read.readAgain} />
            ))}
          </ul>
        )}
      </WhenRead>
    </Group>
  )
}

function KeyRow({
  of: key,
  onMade,
  onChanged,
}: {
  of: ApiKeySummary
  onMade: (key: CreatedApiKey) => void
  onChanged: () => Promise<void>
}) {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const timeOrDate = useTimeOrDate()
  const now = useNow('minute')
  const { ask, isBusy, error } = useAsking()
  const [asked, setAsked] = useState<'rotate' | 'revoke' | null>(null)
  const [overlap, setOverlap] = useState<(typeof OVERLAPS)[number]>('24')
  const isStuck = isBusy || !isOnline
  const isOver = Date.parse(key.expiresAt) <= now
  const rotate = async () => {
    const result = await ask('apiKeys.rotate', {
      keyId: key.id,
      overlapHours: Number(overlap),
      lifetimeDays: lifetimeOf(key),
    })
    if (!result.ok) return
    setAsked(null)
    onMade(result.value)
  }
  const revoke = async () => {
    const result = await ask('apiKeys.revoke', { keyId: key.id })
    if (result.ok) await onChanged()
  }
  return (
    <li className={styles.key} data-key={key.id}>
      <div className={styles.session}>
        <Icon of={KeyRound} size={14} />
        <TwoLines>
          <span className={text.cut}>
            <strong>{key.name}</strong> {isOver && <Pill>{t('apiKeys.expired')}</Pill>}
            {!key.isOwnerActive && <Pill>{t('apiKeys.ownerOff')}</Pill>}
            {key.isReplaced && <Pill>{t('apiKeys.replaced')}</Pill>}
          </span>
          <span className={classNames(text.meta, text.cut)}>
            {key.scopes.map((scope) => t(`apiKeys.scope.${scope}`)).join(' · ')}
          </span>
          <span className={classNames(text.meta, text.cut)}>
            {t('apiKeys.facts', {
              owner: key.ownerName,
              until: timeOrDate(key.expiresAt),
              used: key.lastUsedAt === null ? t('apiKeys.never') : timeOrDate(key.lastUsedAt),
            })}
            {key.allowedAddresses.length > 0 && ` · ${key.allowedAddresses.join(', ')}`}
          </span>
        </TwoLines>
        <span className={text.grow} />
        {!isOver && !key.isReplaced && (
          <Button size="small" look="line" disabled={isStuck} onClick={() => setAsked('rotate')}>
            {t('apiKeys.rotate')}…
          </Button>
        )}
        <Button size="small" look="line" disabled={isStuck} onClick={() => setAsked('revoke')}>
          {t('apiKeys.revoke')}…
        </Button>
      </div>
      {asked === 'rotate' && (
        <div className={text.line}>
          <span className={text.meta}>{t('apiKeys.rotateWords')}</span>
          <Select
            aria-label={t('apiKeys.rotateWords')}
            value={overlap}
            options={OVERLAPS.map((value) => ({ value, label: t(`apiKeys.overlap.${value}`) }))}
            onChange={setOverlap}
          />
          <Button look="primary" disabled={isStuck} onClick={() => void rotate()}>
            {t('apiKeys.rotate')}
          </Button>
          <Button look="line" onClick={() => setAsked(null)}>
            {t('people.keep')}
          </Button>
        </div>
      )}
      {asked === 'revoke' && (
        <div className={text.line}>
          <span className={text.meta}>{t('apiKeys.revokeWords')}</span>
          <Button look="line" autoFocus onClick={() => setAsked(null)}>
            {t('people.keep')}
          </Button>
          <Button look="danger" disabled={isStuck} onClick={() => void revoke()}>
            {t('apiKeys.revoke')}
          </Button>
        </div>
      )}
      {error && <Refusal error={error} />}
    </li>
  )
}

function NewKey({
  onMade,
  onClose,
}: {
  onMade: (key: CreatedApiKey) => void
  onClose: () => void
}) {
  const t = useTranslate()
  const me = useMe()
  const { people } = useDirectory()
  const isOnline = useConnection()?.state === 'online'
  const { ask, isBusy, error } = useAsking()
  const [draft, setDraft] = useState<KeyDraft>({
    name: '',
    ownerId: me.id,
    scopes: ['scim'],
    days: USUAL_DAYS,
    addresses: '',
  })
  const set = (change: Partial<KeyDraft>) => setDraft((before) => ({ ...before, ...change }))
  const key = keyOf(draft)
  const owners = [...people.values()].filter(
    ({ isActive, role }) => isActive && draft.scopes.every((scope) => mayOwn(role, scope)),
  )
  const toggled = (scope: ApiScope, isOn: boolean) =>
    API_SCOPES.filter((one) => (one === scope ? isOn : draft.scopes.includes(one)))
  const make = async (event: FormEvent) => {
    event.preventDefault()
    if (key === null) return
    const result = await ask('apiKeys.create', key)
    if (result.ok) onMade(result.value)
  }
  return (
    <form onSubmit={(event) => void make(event)}>
      <Fields>
        <TextField
          name="keyName"
          label={t('apiKeys.name')}
          hint={t('apiKeys.nameWords')}
          value={draft.name}
          maxLength={100}
          onChange={(name) => set({ name })}
        />
        <FieldGroup label={t('apiKeys.scopes')} hint={t('apiKeys.scopesWords')}>
          {API_SCOPES.map((scope) => (
            <Check
              key={scope}
              name={`scope.${scope}`}
              checked={draft.scopes.includes(scope)}
              onChange={(isOn) => set({ scopes: toggled(scope, isOn) })}
            >
              {t(`apiKeys.scope.${scope}`)}
            </Check>
          ))}
        </FieldGroup>
        <SelectField
          name="keyOwner"
          label={t('apiKeys.owner')}
          hint={t('apiKeys.ownerWords')}
          value={draft.ownerId}
          options={owners.map(({ id, fullName }) => ({ value: id, label: fullName }))}
          onChange={(ownerId) => set({ ownerId })}
        />
        <TextField
          name="keyDays"
          label={t('apiKeys.days')}
          hint={t('apiKeys.daysWords')}
          problem={daysIn(draft.days) === null ? t('apiKeys.daysWords') : undefined}
          value={draft.days}
          isShort
          unit={t('access.days')}
          onChange={(days) => set({ days })}
        />
        <TextField
          name="keyAddresses"
          label={t('apiKeys.addresses')}
          hint={t('apiKeys.addressesWords')}
          value={draft.addresses}
          onChange={(addresses) => set({ addresses })}
        />
        {error && <Refusal error={error} />}
        <div className={text.line}>
          <Button type="submit" look="primary" disabled={key === null || isBusy || !isOnline}>
            {t('apiKeys.make')}
          </Button>
          <Button look="line" onClick={onClose}>
            {t('form.discard')}
          </Button>
        </div>
      </Fields>
    </form>
  )
}
