import type { PersonSummary } from '@parley/contracts'
import { PERSON_STATES, type PersonState, ROLES, type Role } from '@parley/domain'
import { UserPlus, Users } from 'lucide-react'
import { useDeferredValue, useState } from 'react'

import { useConnection, useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { BelowRows, ChoiceRow, ChoiceTable, NameCell } from '../../ui/choice-table.tsx'
import { Select } from '../../ui/form/fields.tsx'
import { Panel } from '../../ui/form/panel.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Pill } from '../../ui/pill.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { ListTools, ListWithPane } from '../../ui/side-pane.tsx'
import text from '../../ui/text.module.css'
import { useTimeOrDate } from '../../ui/use-time-or-date.ts'
import { WhenRead } from '../../ui/when-read.tsx'
import { InvitePane } from './invite-pane.tsx'
import styles from './people.module.css'
import { PersonPane } from './person-pane.tsx'
import { usePeople } from './use-people.ts'

/** Nobody is narrowed by it. */
const ALL = 'all'

/** Everybody, narrowed by what is asked for; whoever is chosen is changed beside the list. */
export function PeoplePanel() {
  const t = useTranslate()
  const { teams } = useDirectory()
  const isOnline = useConnection()?.state === 'online'
  const [typed, setTyped] = useState('')
  const [role, setRole] = useState<Role | typeof ALL>(ALL)
  const [teamId, setTeamId] = useState<string>(ALL)
  const [state, setState] = useState<PersonState | typeof ALL>(ALL)
  /** A person's id, or `new`. */
  const [chosen, setChosen] = useState<string | null>(null)
  const found = usePeople({
    text: useDeferredValue(typed.trim()),
    roles: role === ALL ? [] : [role],
    teamId: teamId === ALL ? null : teamId,
    states: state === ALL ? [] : [state],
  })
  const counts = found.value?.counts
  const person = found.value?.people.find(({ id }) => id === chosen)
  const choose = (id: string) => {
    setChosen(id)
    // No feed tells of it: whoever is looked at is shown as they are now.
    void found.readAgain()
  }
  return (
    <Panel>
      <ListTools>
        <SearchField label={t('people.find')} value={typed} onChange={setTyped} />
        <Select
          aria-label={t('people.role')}
          value={role}
          options={[
            { value: ALL, label: t('people.everyRole') },
            ...ROLES.map((value) => ({ value, label: t(`role.${value}`) })),
          ]}
          onChange={setRole}
        />
        <Select
          aria-label={t('people.team')}
          value={teamId}
          options={[
            { value: ALL, label: t('people.everyTeam') },
            ...[...teams.values()].map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={setTeamId}
        />
        <Select
          aria-label={t('people.state')}
          value={state}
          options={[
            { value: ALL, label: t('people.everyState') },
            ...PERSON_STATES.map((value) => ({ value, label: t(`people.states.${value}`) })),
          ]}
          onChange={setState}
        />
        <span className={text.grow} />
        {counts && <span className={text.meta}>{t('people.counts', counts)}</span>}
        <Button look="primary" disabled={!isOnline} onClick={() => setChosen('new')}>
          <Icon of={UserPlus} />
          {t('people.invite')}
        </Button>
      </ListTools>
      <ListWithPane
        list={
          <WhenRead read={found} failed={t('people.failed')}>
            {({ people }) =>
              people.length === 0 ? (
                <Blank icon={Users} title={t('people.none')}>
                  {t('people.noneWords')}
                </Blank>
              ) : (
                <>
                  <PeopleTable people={people} chosen={chosen} onChoose={choose} />
                  {found.readMore && (
                    <BelowRows>
                      <Button look="line" onClick={() => void found.readMore?.()}>
                        {t('people.more')}
                      </Button>
                    </BelowRows>
                  )}
                </>
              )
            }
          </WhenRead>
        }
      >
        {chosen === 'new' && (
          <InvitePane onInvited={() => void found.readAgain()} onClose={() => setChosen(null)} />
        )}
        {person && (
          <PersonPane
            key={person.id}
            person={person}
            onChanged={() => void found.readAgain()}
            onClose={() => setChosen(null)}
          />
        )}
      </ListWithPane>
    </Panel>
  )
}

function PeopleTable({
  people,
  chosen,
  onChoose,
}: {
  people: readonly PersonSummary[]
  chosen: string | null
  onChoose: (id: string) => void
}) {
  const t = useTranslate()
  const { teams } = useDirectory()
  const timeOrDate = useTimeOrDate()
  const namesOf = (ids: readonly string[]) =>
    ids.map((id) => teams.get(id)?.name ?? '').filter(Boolean)
  return (
    <ChoiceTable
      heads={[t('people.person'), t('people.role'), t('people.teams'), t('people.lastSeen')]}
    >
      {people.map(({ id, fullName, email, role, teamIds, state, lastSeenAt }) => (
        <ChoiceRow
          key={id}
          id={id}
          label={
            <NameCell mark={<Avatar id={id} name={fullName} />} name={fullName} detail={email} />
          }
          isChosen={id === chosen}
          onChoose={() => onChoose(id)}
        >
          <td>{t(`role.${role}`)}</td>
          <td className={text.cut}>{namesOf(teamIds).join(', ')}</td>
          <td className={styles.seen}>
            {state === 'active' ? (
              <span className={text.meta}>
                {lastSeenAt === null ? t('people.never') : timeOrDate(lastSeenAt)}
              </span>
            ) : (
              <Pill look={state === 'inactive' ? 'plain' : 'accent'}>
                {t(`people.states.${state}`)}
              </Pill>
            )}
          </td>
        </ChoiceRow>
      ))}
    </ChoiceTable>
  )
}
