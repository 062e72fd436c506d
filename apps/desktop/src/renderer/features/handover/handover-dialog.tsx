import type { PersonView, TeamView } from '@parley/contracts'
import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'

import { noteOwnMove } from '../../app/own-moves.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { errorWords } from '../../bridge/error-words.ts'
import { useLookingAt } from '../../bridge/use-looking-at.ts'
import { useRead } from '../../bridge/use-read.ts'
import { useDirectory, useMe } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Avatar, TeamMark } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import commandList from '../../ui/command-list.module.css'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { LoadBars } from '../../ui/load-bars.tsx'
import { loadText } from '../../ui/load-text.ts'
import { MarkedText } from '../../ui/marked-text.tsx'
import text from '../../ui/text.module.css'
import { foldText } from '../../ui/fold-text.ts'
import { useOfferUndo } from '../conversation/index.ts'
import { presenceWords, shownPresence } from '../presence/index.ts'
import styles from './handover.module.css'
import { onlineWords, orderPeople } from './order-people.ts'

type Target = { kind: 'team'; team: TeamView } | { kind: 'person'; person: PersonView }

interface HandoverDialogProps {
  mode: 'transfer' | 'assign'
  conversationId: string
  onClose: () => void
}

/** To whom a conversation goes: a team or a person, with who is there and how much they have. */
export function HandoverDialog({ mode, conversationId, onClose }: HandoverDialogProps) {
  const t = useTranslate()
  const ask = useAsk()
  const me = useMe()
  const { people, teams } = useDirectory()
  const { value: conversation } = useRead('conversation.get', { conversationId })
  const [wanted, setWanted] = useState('')
  const [chosen, setChosen] = useState('')
  const [note, setNote] = useState('')
  const [failed, setFailed] = useState<string | null>(null)
  const formId = useId()
  const offerUndo = useOfferUndo()

  const row = conversation?.row
  const matches = (name: string) => foldText(name).includes(foldText(wanted.trim()))
  const shownTeams =
    mode === 'assign'
      ? []
      : [...teams.values()].filter((team) => team.id !== row?.teamId && matches(team.name))
  const shownPeople = orderPeople([...people.values()], row?.teamId ?? null).filter(
    (person) =>
      person.isActive &&
      person.id !== row?.assignedTo &&
      matches(person.fullName) &&
      (mode === 'assign' || person.id !== me.id),
  )
  const membersOf = (teamId: string) =>
    [...people.values()].filter(({ isActive, teamIds }) => isActive && teamIds.includes(teamId))
  useLookingAt([
    ...shownPeople.map(({ id }) => id),
    ...shownTeams.flatMap((team) => membersOf(team.id).map(({ id }) => id)),
  ])
  const targets: Target[] = [
    ...shownTeams.map((team): Target => ({ kind: 'team', team })),
    ...shownPeople.map((person): Target => ({ kind: 'person', person })),
  ]
  const target = targets.find((one) => idOf(one) === chosen) ?? targets[0]

  const hand = async (to: Target | undefined) => {
    if (!to) return
    const result =
      mode === 'assign' && to.kind === 'person'
        ? await ask('conversation.assign', { conversationId, userId: to.person.id })
        : await ask('conversation.transfer', {
            conversationId,
            to:
              to.kind === 'team'
                ? { kind: 'team', teamId: to.team.id }
                : { kind: 'person', userId: to.person.id },
            ...(note.trim() === '' ? {} : { note: note.trim() }),
          })
    if (result.ok) {
      noteOwnMove()
      if (mode === 'transfer' && row)
        offerUndo({ kind: 'transfer', intentId: result.value.intentId, row })
      return onClose()
    }
    const { title, detail } = errorWords(result.error, t, people)
    setFailed(`${title} ${detail}`)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void hand(target)
  }
  const title = t(mode === 'assign' ? 'handover.assign' : 'handover.transfer', {
    name: row?.title ?? '',
  })

  return (
    <Dialog title={title} width={520} onClose={onClose}>
      <Command
        shouldFilter={false}
        value={chosen || (target ? idOf(target) : '')}
        onValueChange={setChosen}
        label={title}
        loop
        className={commandList.command}
      >
        <div className={styles.search}>
          <Icon of={Search} />
          <Command.Input
            autoFocus
            value={wanted}
            onValueChange={setWanted}
            placeholder={t(mode === 'assign' ? 'handover.searchPeople' : 'handover.search')}
          />
        </div>
        <Command.List className={styles.list} label={title}>
          <Command.Empty className={styles.empty}>{t('handover.nobody')}</Command.Empty>
          {shownTeams.length > 0 && (
            <Command.Group heading={t('handover.teams')} className={styles.group}>
              {shownTeams.map((team) => (
                <Command.Item
                  key={team.id}
                  value={team.id}
                  className={styles.item}
                  onSelect={() => void hand({ kind: 'team', team })}
                >
                  <TeamMark id={team.id} name={team.name} />
                  <span className={text.cut}>
                    <MarkedText text={team.name} wanted={wanted} />
                  </span>
                  <span className={styles.end}>{onlineWords(membersOf(team.id), t)}</span>
                </Command.Item>
              ))}
            </Command.Group>
          )}
          {shownPeople.length > 0 && (
            <Command.Group heading={t('handover.people')} className={styles.group}>
              {shownPeople.map((person) => (
                <Command.Item
                  key={person.id}
                  value={person.id}
                  className={styles.item}
                  onSelect={() => void hand({ kind: 'person', person })}
                >
                  <Avatar
                    id={person.id}
                    name={person.fullName}
                    presence={shownPresence(person.presence)}
                  />
                  <span className={classNames(text.cut, styles.person)}>
                    <MarkedText text={person.fullName} wanted={wanted} />
                    <span className={text.meta}>{presenceWords(person.presence, t)}</span>
                  </span>
                  <span className={styles.end}>
                    <LoadBars load={person.load} capacity={person.presence.capacity} />
                    {loadText(person.load, person.presence.capacity)}
                  </span>
                </Command.Item>
              ))}
            </Command.Group>
          )}
        </Command.List>
      </Command>
      {failed && (
        <p className={styles.failed} role="alert">
          {failed}
        </p>
      )}
      <form id={formId} className={styles.foot} onSubmit={submit}>
        {mode === 'transfer' && (
          <input
            className={styles.note}
            value={note}
            maxLength={1000}
            aria-label={t('handover.note')}
            placeholder={t('handover.note')}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
        <span className={text.grow} />
        <Button type="submit" look="primary" disabled={!target}>
          {target
            ? t(mode === 'assign' ? 'handover.assignTo' : 'handover.transferTo', {
                name: nameOf(target),
              })
            : t(mode === 'assign' ? 'action.assign' : 'action.transfer')}
        </Button>
      </form>
    </Dialog>
  )
}

const idOf = (target: Target) => (target.kind === 'team' ? target.team.id : target.person.id)
const nameOf = (target: Target) =>
  target.kind === 'team' ? target.team.name : (target.person.fullName.split(' ')[0] ?? '')
