import type { GroupMapping, GroupMappingsOutput } from '@parley/contracts'
import { ROLES, type Role } from '@parley/domain'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'

import { useAsking } from '../../bridge/use-asking.ts'
import { useServerRead } from '../../bridge/use-server-read.ts'
import { useConnection, useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import field from '../../ui/field.module.css'
import { Select } from '../../ui/form/fields.tsx'
import { Group, Note, Refusal } from '../../ui/form/panel.tsx'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import { WhenRead } from '../../ui/when-read.tsx'
import styles from './people.module.css'

/** What a group of the company's directory stands for here. */
export function GroupMappings() {
  const t = useTranslate()
  const read = useServerRead('groups.mappings', undefined)
  return (
    <Group heading={t('groups.title')}>
      <Note>{t('groups.words')}</Note>
      <WhenRead read={read} failed={t('groups.failed')}>
        {(stored) => (
          <MappingForm
            key={stored.version}
            stored={stored}
            onSaved={read.put}
            onConflict={read.readAgain}
          />
        )}
      </WhenRead>
    </Group>
  )
}

/** A mapping has no name of its own before it is typed. */
interface Row {
  key: string
  mapping: GroupMapping
}

const toRow = (mapping: GroupMapping): Row => ({ key: crypto.randomUUID(), mapping })

function MappingForm({
  stored,
  onSaved,
  onConflict,
}: {
  stored: GroupMappingsOutput
  onSaved: (saved: GroupMappingsOutput) => void
  onConflict: () => Promise<void>
}) {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const { ask, isBusy, error } = useAsking()
  const [rows, setRows] = useState<readonly Row[]>(stored.mappings.map(toRow))
  const mappings = rows.map(({ mapping }) => mapping)
  const put = (key: string, change: Partial<GroupMapping>) =>
    setRows((before) =>
      before.map((row) =>
        row.key === key ? { key, mapping: { ...row.mapping, ...change } } : row,
      ),
    )
  const isChanged = JSON.stringify(mappings) !== JSON.stringify(stored.mappings)
  const isWhole = mappings.every(
    ({ name, role, teamId }) => name.trim() !== '' && (role !== null || teamId !== null),
  )
  const save = async () => {
    const result = await ask('groups.saveMappings', {
      mappings: mappings.map((one) => ({ ...one, name: one.name.trim() })),
      basedOn: stored.version,
    })
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
      <ul className={styles.mappings}>
        {rows.map(({ key, mapping }) => (
          <MappingRow key={key} mapping={mapping} onChange={(change) => put(key, change)}>
            <IconButton
              label={t('groups.remove', { name: mapping.name })}
              onClick={() => setRows((before) => before.filter((row) => row.key !== key))}
            >
              <Icon of={X} />
            </IconButton>
          </MappingRow>
        ))}
      </ul>
      <p>
        <Button
          look="line"
          size="small"
          onClick={() =>
            setRows((before) => [...before, toRow({ name: '', role: 'agent', teamId: null })])
          }
        >
          <Icon of={Plus} />
          {t('groups.add')}
        </Button>
      </p>
      {error && <Refusal error={error} />}
      {isChanged && (
        <div className={text.line}>
          <Button type="submit" look="primary" disabled={!isWhole || isBusy || !isOnline}>
            {t('form.save')}
          </Button>
          <Button look="line" disabled={isBusy} onClick={() => setRows(stored.mappings.map(toRow))}>
            {t('form.discard')}
          </Button>
        </div>
      )}
    </form>
  )
}

function MappingRow({
  mapping: { name, role, teamId },
  onChange,
  children,
}: {
  mapping: GroupMapping
  onChange: (change: Partial<GroupMapping>) => void
  children: React.ReactNode
}) {
  const t = useTranslate()
  const { teams } = useDirectory()
  return (
    <li className={styles.mapping}>
      <input
        className={field.input}
        maxLength={255}
        placeholder={t('groups.name')}
        value={name}
        aria-label={t('groups.name')}
        onChange={({ target }) => onChange({ name: target.value })}
      />
      <Select
        aria-label={t('people.role')}
        value={role ?? ''}
        options={[
          { value: '', label: t('groups.noRole') },
          ...ROLES.map((one) => ({ value: one as Role | '', label: t(`role.${one}`) })),
        ]}
        onChange={(chosen) => onChange({ role: chosen === '' ? null : chosen })}
      />
      <Select
        aria-label={t('teams.team')}
        value={teamId ?? ''}
        options={[
          { value: '', label: t('groups.noTeam') },
          ...[...teams.values()].map((team) => ({ value: team.id, label: team.name })),
        ]}
        onChange={(chosen) => onChange({ teamId: chosen === '' ? null : chosen })}
      />
      {children}
    </li>
  )
}
