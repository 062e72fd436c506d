import type { TeamSummary } from '@parley/contracts'
import { Plus, Users } from 'lucide-react'
import { type FormEvent, useState } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useAsking } from '../../bridge/use-asking.ts'
import { useErrorWords } from '../../bridge/use-error-words.ts'
import { useServerRead } from '../../bridge/use-server-read.ts'
import { useConnection } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { TeamMark } from '../../ui/avatar.tsx'
import { Blank } from '../../ui/blank.tsx'
import { Button } from '../../ui/button.tsx'
import { ChoiceRow, ChoiceTable, NameCell } from '../../ui/choice-table.tsx'
import { classNames } from '../../ui/class-names.ts'
import field from '../../ui/field.module.css'
import { Select } from '../../ui/form/fields.tsx'
import { Panel } from '../../ui/form/panel.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Pill } from '../../ui/pill.tsx'
import { Refused } from '../../ui/refused.tsx'
import { ListTools, ListWithPane, PanePart, SidePane } from '../../ui/side-pane.tsx'
import text from '../../ui/text.module.css'
import { WhenRead } from '../../ui/when-read.tsx'
import styles from './people.module.css'

/** Which teams there are; the chosen one is renamed, emptied or switched off beside the list. */
export function TeamsPanel() {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const read = useServerRead('teams.list', undefined)
  /** A team's id, or `new`. */
  const [chosen, setChosen] = useState<string | null>(null)
  const team = read.value?.find(({ id }) => id === chosen)
  const pane = { onChanged: () => void read.readAgain(), onClose: () => setChosen(null) }
  return (
    <Panel>
      <ListTools>
        <span className={text.grow} />
        <Button look="primary" disabled={!isOnline} onClick={() => setChosen('new')}>
          <Icon of={Plus} />
          {t('teams.new')}
        </Button>
      </ListTools>
      <ListWithPane
        list={
          <WhenRead read={read} failed={t('teams.failed')}>
            {(teams) =>
              teams.length === 0 ? (
                <Blank icon={Users} title={t('teams.none')} />
              ) : (
                <TeamTable teams={teams} chosen={chosen} onChoose={setChosen} />
              )
            }
          </WhenRead>
        }
      >
        {chosen === 'new' && <TeamPane key="new" team={null} others={[]} {...pane} />}
        {team && (
          <TeamPane
            key={team.id}
            team={team}
            others={(read.value ?? []).filter(({ id, isActive }) => isActive && id !== team.id)}
            {...pane}
          />
        )}
      </ListWithPane>
    </Panel>
  )
}

function TeamTable({
  teams,
  chosen,
  onChoose,
}: {
  teams: readonly TeamSummary[]
  chosen: string | null
  onChoose: (id: string) => void
}) {
  const t = useTranslate()
  return (
    <ChoiceTable heads={[t('teams.team'), t('teams.people'), t('teams.open'), t('people.state')]}>
      {teams.map(({ id, name, description, people, openConversations, isActive }) => (
        <ChoiceRow
          key={id}
          id={id}
          label={
            <NameCell mark={<TeamMark id={id} name={name} />} name={name} detail={description} />
          }
          isChosen={id === chosen}
          onChoose={() => onChoose(id)}
        >
          <td className={text.digits}>{people}</td>
          <td className={text.digits}>{openConversations}</td>
          <td>{!isActive && <Pill>{t('teams.inactive')}</Pill>}</td>
        </ChoiceRow>
      ))}
    </ChoiceTable>
  )
}

function TeamPane({
  team,
  others,
  onChanged,
  onClose,
}: {
  /** Null: a new one. */
  team: TeamSummary | null
  others: readonly TeamSummary[]
  onChanged: () => void
  onClose: () => void
}) {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const { ask, isBusy, error } = useAsking()
  const wordsOf = useErrorWords()
  const [name, setName] = useState(team?.name ?? '')
  const [description, setDescription] = useState(team?.description ?? '')
  const isStuck = isBusy || !isOnline
  const fields = { name, description: description.trim() === '' ? null : description }
  const isChanged = name !== (team?.name ?? '') || description !== (team?.description ?? '')
  const save = async (event: FormEvent) => {
    event.preventDefault()
    const result = team
      ? await ask('teams.save', { teamId: team.id, ...fields })
      : await ask('teams.create', fields)
    if (!result.ok) return
    onChanged()
    if (team === null) onClose()
  }
  return (
    <SidePane title={team?.name ?? t('teams.new')} onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void save(event)}>
        {error && <Refused words={wordsOf(error)} />}
        <PanePart label={t('teams.name')}>
          <input
            className={classNames(field.input, styles.wide)}
            name="name"
            autoFocus={team === null}
            required
            maxLength={100}
            value={name}
            aria-label={t('teams.name')}
            onChange={({ target }) => setName(target.value)}
          />
        </PanePart>
        <PanePart label={t('teams.description')}>
          <textarea
            className={classNames(field.input, styles.wide)}
            name="description"
            rows={2}
            maxLength={1000}
            value={description}
            aria-label={t('teams.description')}
            onChange={({ target }) => setDescription(target.value)}
          />
          <p className={text.meta}>{t('teams.descriptionWords')}</p>
        </PanePart>
        <div>
          <Button type="submit" look="primary" disabled={isStuck || !isChanged}>
            {t('form.save')}
          </Button>
        </div>
      </form>
      {team && team.openConversations > 0 && (
        <MoveOpen team={team} others={others} onMoved={onChanged} />
      )}
      {team && (
        <PanePart label={t('teams.work')}>
          <p className={text.meta}>
            {t(team.isActive ? 'teams.deactivateWords' : 'teams.activateWords')}
          </p>
          <div>
            <Button
              look="line"
              disabled={isStuck}
              onClick={() =>
                void ask('teams.setActive', {
                  teamId: team.id,
                  isActive: !team.isActive,
                }).then(onChanged)
              }
            >
              {t(team.isActive ? 'teams.deactivate' : 'teams.activate')}
            </Button>
          </div>
        </PanePart>
      )}
    </SidePane>
  )
}

/** All that stands open goes to another team, in portions; interrupted, it goes on where it ended. */
function MoveOpen({
  team,
  others,
  onMoved,
}: {
  team: TeamSummary
  others: readonly TeamSummary[]
  onMoved: () => void
}) {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const ask = useAsk()
  const wordsOf = useErrorWords()
  const [to, setTo] = useState(others[0]?.id ?? '')
  const [left, setLeft] = useState<number | null>(null)
  const [refused, setRefused] = useState<ReturnType<typeof wordsOf> | null>(null)
  const move = async () => {
    setRefused(null)
    let isDone = false
    while (!isDone) {
      const result = await ask('teams.moveOpen', { teamId: team.id, to })
      if (!result.ok) setRefused(wordsOf(result.error))
      else setLeft(result.value.left)
      isDone = !result.ok || result.value.left === 0 || result.value.moved === 0
    }
    setLeft(null)
    onMoved()
  }
  if (others.length === 0) return null
  return (
    <PanePart label={t('teams.move')}>
      <p className={text.meta}>{t('teams.moveWords', { count: team.openConversations })}</p>
      {refused && <Refused words={refused} />}
      <div className={text.line}>
        <Select
          aria-label={t('teams.moveTo')}
          value={to}
          options={others.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setTo}
        />
        <Button look="line" disabled={left !== null || !isOnline} onClick={() => void move()}>
          {left === null ? t('teams.moveNow') : t('teams.moving', { count: left })}
        </Button>
      </div>
    </PanePart>
  )
}
