import type { Provider, ProvidersOutput } from '@parley/contracts'
import { Fingerprint, Plus } from 'lucide-react'
import { useState } from 'react'

import { useAsking } from '../../bridge/use-asking.ts'
import { useServerRead } from '../../bridge/use-server-read.ts'
import { useConnection, useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { ChoiceRow, ChoiceTable, NameCell } from '../../ui/choice-table.tsx'
import { SelectField } from '../../ui/form/fields.tsx'
import { Fields, Group, Note, Panel, Refusal } from '../../ui/form/panel.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Pill } from '../../ui/pill.tsx'
import { ListTools, ListWithPane } from '../../ui/side-pane.tsx'
import text from '../../ui/text.module.css'
import { WhenRead } from '../../ui/when-read.tsx'
import { GroupMappings } from './group-mappings.tsx'
import styles from './people.module.css'
import { ProviderPane } from './provider-pane.tsx'

/** By whom people sign in without a password of ours, and what their groups there stand for here. */
export function SignOnPanel() {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const read = useServerRead('signOn.providers', undefined)
  /** A provider's id, or `new`. */
  const [chosen, setChosen] = useState<string | null>(null)
  const provider = read.value?.providers.find(({ id }) => id === chosen) ?? null
  return (
    <Panel>
      <ListTools>
        <span className={text.grow} />
        <Button look="primary" disabled={!isOnline} onClick={() => setChosen('new')}>
          <Icon of={Plus} />
          {t('signOn.new')}
        </Button>
      </ListTools>
      <ListWithPane
        list={
          <WhenRead read={read} failed={t('signOn.failed')}>
            {(stored) => (
              <>
                {stored.providers.length === 0 ? (
                  <Blank icon={Fingerprint} title={t('signOn.none')}>
                    {t('signOn.noneWords')}
                  </Blank>
                ) : (
                  <ProviderTable {...stored} chosen={chosen} onChoose={setChosen} />
                )}
                <div className={styles.below}>
                  <BreakGlass stored={stored} onSaved={read.readAgain} />
                  <GroupMappings />
                </div>
              </>
            )}
          </WhenRead>
        }
      >
        {read.value && chosen !== null && (chosen === 'new' || provider !== null) && (
          <ProviderPane
            key={provider === null ? 'new' : `${provider.id} ${provider.version}`}
            provider={provider}
            addresses={read.value}
            onSaved={read.readAgain}
            onClose={() => setChosen(null)}
          />
        )}
      </ListWithPane>
    </Panel>
  )
}

function ProviderTable({
  providers,
  chosen,
  onChoose,
}: {
  providers: readonly Provider[]
  chosen: string | null
  onChoose: (id: string) => void
}) {
  const t = useTranslate()
  return (
    <ChoiceTable
      heads={[t('signOn.provider'), t('signOn.domains'), t('signOn.people'), t('people.state')]}
    >
      {providers.map(({ id, name, issuer, domains, people, isActive, isForced }) => (
        <ChoiceRow
          key={id}
          id={id}
          label={<NameCell name={name} detail={issuer} />}
          isChosen={id === chosen}
          onChoose={() => onChoose(id)}
        >
          <td className={text.cut}>{domains.join(', ')}</td>
          <td className={text.digits}>{people}</td>
          <td>
            {!isActive && <Pill>{t('signOn.off')}</Pill>}
            {isActive && isForced && <Pill>{t('signOn.forced')}</Pill>}
          </td>
        </ChoiceRow>
      ))}
    </ChoiceTable>
  )
}

/** Whom a password lets in where single sign-on is forced. */
function BreakGlass({
  stored: { breakGlassUserId },
  onSaved,
}: {
  stored: ProvidersOutput
  onSaved: () => Promise<void>
}) {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const { people } = useDirectory()
  const { ask, isBusy, error } = useAsking()
  const admins = [...people.values()].filter(({ role, isActive }) => role === 'admin' && isActive)
  const choose = async (userId: string) => {
    await ask('signOn.setBreakGlass', { userId: userId === '' ? null : userId })
    await onSaved()
  }
  return (
    <Group heading={t('signOn.breakGlass')}>
      <Note>{t('signOn.breakGlassWords')}</Note>
      <Fields isReadOnly={isBusy || !isOnline}>
        <SelectField
          name="breakGlass"
          label={t('signOn.breakGlassWho')}
          hint={t('signOn.breakGlassHint')}
          value={breakGlassUserId ?? ''}
          options={[
            { value: '', label: t('signOn.nobody') },
            ...admins.map(({ id, fullName }) => ({ value: id, label: fullName })),
          ]}
          onChange={(userId) => void choose(userId)}
        />
        {error && <Refusal error={error} />}
      </Fields>
    </Group>
  )
}
