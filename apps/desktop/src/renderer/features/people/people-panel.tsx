import type { PersonSummary } from '@parley/contracts'
import { PERSON_STATES, type PersonState, ROLES, type Role } from '@parley/domain'
import { UserPlus, Users } from 'lucide-react'
import { useDeferredValue, useState } from 'react'

import { useConnection, useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Select } from '../../ui/form/fields.tsx'
import { Panel } from '../../ui/form/panel.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Pill } from '../../ui/pill.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { ListTools, ListWithPane, TwoLines } from '../../ui/side-pane.tsx'
import table from '../../ui/table.module.css'
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
                    <div className={table.more}>
                      <Button look="line" onClick={() => void found.readMore?.()}>
                        {t('people.more')}
                      </Button>
                    </div>
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
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col" className={styles.first}>
            {t('people.person')}
          </th>
          <th scope="col">{t('people.role')}</th>
          <th scope="col">{t('people.teams')}</th>
          <th scope="col">{t('people.lastSeen')}</th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <tr
            key={person.id}
            className={table.row}
            aria-current={person.id === chosen ? 'true' : undefined}
            data-person={person.id}
          >
            <th scope="row">
              <button type="button" className={styles.person} onClick={() => onChoose(person.id)}>
                <Avatar id={person.id} name={person.fullName} />
                <TwoLines>
                  <span className={classNames(text.cut, styles.name)}>{person.fullName}</span>
                  <span className={classNames(text.cut, text.meta)}>{person.email}</span>
                </TwoLines>
              </button>
            </th>
            <td>{t(`role.${person.role}`)}</td>
            <td className={text.cut}>{namesOf(person.teamIds).join(', ')}</td>
            <td className={styles.seen}>
              {person.state === 'active' ? (
                <span className={text.meta}>
                  {person.lastSeenAt === null ? t('people.never') : timeOrDate(person.lastSeenAt)}
                </span>
              ) : (
                <Pill look={person.state === 'invited' ? 'accent' : 'plain'}>
                  {t(`people.states.${person.state}`)}
                </Pill>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
