import type { ConversationView, PersonView, SearchHit, TeamView } from '@parley/contracts'
import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { useState } from 'react'

import { type NamedCommand } from '../../app/command-table.ts'
import { runCommand } from '../../app/commands.ts'
import { useViewState } from '../../app/view-state.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { errorWords } from '../../bridge/error-words.ts'
import { useRead } from '../../bridge/use-read.ts'
import { useConnection, useDirectory } from '../../bridge/views.ts'
import { timeOrDate } from '../../i18n/moments.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { Avatar, TeamMark } from '../../ui/avatar.tsx'
import { ChannelGlyph } from '../../ui/channel-glyph.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { KeyCaps, Keys } from '../../ui/keys.tsx'
import { loadText } from '../../ui/load-text.ts'
import { MarkedPieces, MarkedText } from '../../ui/marked-text.tsx'
import { notify } from '../../ui/notice-state.ts'
import { Pill } from '../../ui/pill.tsx'
import text from '../../ui/text.module.css'
import { useNow } from '../../ui/use-now.ts'
import { presenceWords } from '../presence/index.ts'
import { foldText } from '../../ui/fold-text.ts'
import { paletteCommands } from './palette-commands.ts'
import styles from './palette.module.css'
import { goToView } from '../inbox/index.ts'
import { useSearch } from '../search/use-search.ts'

/** Rows of a group while nothing is looked for yet. */
const FEW = 6

interface PaletteProps {
  scope: 'everything' | 'messages'
  onClose: () => void
}

/** Everything one can do or go to, and everything that was ever written, by typing. */
export function Palette({ scope, onClose }: PaletteProps) {
  const t = useTranslate()
  const [wanted, setWanted] = useState('')
  const conversationId = useViewState((state) => state.conversationId)
  const { value: open } = useRead(
    'conversation.get',
    conversationId === null ? null : { conversationId },
  )
  const offline = useConnection()?.state === 'offline'
  const { hits, isDone } = useSearch(wanted)
  const isTyped = wanted.trim() !== ''
  const commands = scope === 'messages' ? [] : paletteCommands(wanted, t)
  const inConversation = commands.filter(
    ({ section }) => section === 'conversation' || section === 'write',
  )
  const places = commands.filter(({ section }) => section === 'go' || section === 'move')
  const general = commands.filter(({ section }) => section === 'general')
  const found = useFoundPlaces(scope === 'everything' ? wanted : '', open ?? null)
  const shownCommands = [
    ...(open ? inConversation : inConversation.filter((one) => one.id === 'queue.claimNext')),
    ...(isTyped ? places : places.slice(0, FEW)),
    ...general,
  ]
  const values = [
    ...shownCommands.map(({ id }) => id),
    ...found.teams.map(teamValue),
    ...found.people.map(personValue),
    ...hits.map(hitValue),
  ]
  // Hits come later than the words: the first of what is there now is chosen until a hand chooses.
  const [byHand, setByHand] = useState<string | null>(null)
  const chosen = byHand !== null && values.includes(byHand) ? byHand : (values[0] ?? '')

  // The dialog gives the focus back first; what runs may then move it.
  const closeThen = (run: () => void) => {
    onClose()
    requestAnimationFrame(run)
  }
  const title = t(scope === 'messages' ? 'palette.search' : 'palette.title')
  return (
    <Dialog title={title} width={640} showHeading={false} onClose={onClose}>
      <Command
        shouldFilter={false}
        value={chosen}
        onValueChange={setByHand}
        label={title}
        loop
        className={styles.command}
      >
        <div className={styles.input}>
          <Icon of={Search} size={18} />
          <Command.Input
            autoFocus
            value={wanted}
            onValueChange={(words) => {
              setWanted(words)
              setByHand(null)
            }}
            placeholder={t(
              scope === 'messages'
                ? 'palette.searchPlaceholder'
                : offline
                  ? 'find.offline'
                  : 'find.online',
            )}
          />
          {scope === 'everything' && open && <Pill look="line">{open.row.title}</Pill>}
        </div>
        <Command.List className={styles.list} label={title}>
          <CommandGroup
            heading={t('palette.conversation')}
            commands={
              open ? inConversation : inConversation.filter((one) => one.id === 'queue.claimNext')
            }
            wanted={wanted}
            onRun={closeThen}
          />
          <CommandGroup
            heading={t('palette.go')}
            commands={isTyped ? places : places.slice(0, FEW)}
            wanted={wanted}
            onRun={closeThen}
          />
          <CommandGroup
            heading={t('help.section.general')}
            commands={general}
            wanted={wanted}
            onRun={closeThen}
          />
          <PlacesAndPeople
            wanted={wanted}
            found={found}
            conversation={open?.row ?? null}
            onRun={closeThen}
          />
          {hits.length > 0 && (
            <Command.Group heading={t('palette.hits')} className={styles.group}>
              {hits.map((hit, index) => (
                <Hit
                  key={`${hit.conversationId} ${hit.messageId ?? index}`}
                  hit={hit}
                  onRun={closeThen}
                />
              ))}
            </Command.Group>
          )}
          {isTyped && isDone && (
            <Command.Empty className={styles.empty}>
              <strong>{t('palette.nothing')}</strong>
              {t(offline ? 'palette.nothingOffline' : 'palette.nothingWords')}
            </Command.Empty>
          )}
          {scope === 'messages' && !isTyped && (
            <div className={styles.empty}>{t('palette.searchHint')}</div>
          )}
        </Command.List>
        <div className={styles.bottom}>
          <span aria-hidden="true">
            <KeyCaps labels={['↑', '↓']} /> {t('keys.choose')}
          </span>
          <span aria-hidden="true">
            <KeyCaps labels={['⏎']} /> {t('keys.open')}
          </span>
          <span aria-hidden="true">
            <KeyCaps labels={['Esc']} /> {t('keys.close')}
          </span>
          <button type="button" onClick={() => closeThen(() => runCommand('help.open'))}>
            <Keys of="help.open" /> {t('palette.allShortcuts')}
          </button>
        </div>
      </Command>
    </Dialog>
  )
}

type Run = (run: () => void) => void

function CommandGroup({
  heading,
  commands,
  wanted,
  onRun,
}: {
  heading: string
  commands: readonly NamedCommand[]
  wanted: string
  onRun: Run
}) {
  const t = useTranslate()
  if (commands.length === 0) return null
  return (
    <Command.Group heading={heading} className={styles.group}>
      {commands.map(({ id, label, icon = Search }) => (
        <Command.Item
          key={id}
          value={id}
          className={styles.item}
          onSelect={() => onRun(() => runCommand(id))}
        >
          <Icon of={icon} />
          <span className={text.cut}>
            <MarkedText text={t(label)} wanted={wanted} />
          </span>
          <span className={styles.end}>
            <Keys of={id} />
          </span>
        </Command.Item>
      ))}
    </Command.Group>
  )
}

const teamValue = (team: TeamView) => `team ${team.id}`
const personValue = (person: PersonView) => `person ${person.id}`
const hitValue = (hit: SearchHit) => `hit ${hit.conversationId} ${hit.messageId ?? ''}`

interface FoundPlaces {
  teams: readonly TeamView[]
  /** To whom the open conversation can be handed. */
  people: readonly PersonView[]
}

function useFoundPlaces(wanted: string, conversation: ConversationView | null): FoundPlaces {
  const { people, teams } = useDirectory()
  const needle = foldText(wanted.trim())
  if (needle === '') return { teams: [], people: [] }
  const matches = (name: string) => foldText(name).includes(needle)
  const canHand = (person: PersonView) =>
    conversation?.abilities.transfer === true &&
    person.isActive &&
    person.id !== conversation.row.assignedTo
  return {
    teams: [...teams.values()].filter((team) => matches(team.name)).slice(0, FEW),
    people: [...people.values()]
      .filter((person) => canHand(person) && matches(person.fullName))
      .slice(0, FEW),
  }
}

interface PlacesProps {
  wanted: string
  found: FoundPlaces
  conversation: { id: string; title: string } | null
  onRun: Run
}

/** Teams to go to; people and teams to hand the open conversation to. */
function PlacesAndPeople({ wanted, found, conversation, onRun }: PlacesProps) {
  const t = useTranslate()
  const ask = useAsk()
  const { people } = useDirectory()

  const transferTo = async (person: PersonView) => {
    if (!conversation) return
    const conversationId = conversation.id
    const result = await ask('conversation.transfer', {
      conversationId,
      to: { kind: 'person', userId: person.id },
    })
    if (!result.ok) notify(`conversation:${conversationId}`, errorWords(result.error, t, people))
  }
  return (
    <>
      {found.teams.length > 0 && (
        <Command.Group heading={t('palette.teams')} className={styles.group}>
          {found.teams.map((team) => (
            <Command.Item
              key={team.id}
              value={teamValue(team)}
              className={styles.item}
              onSelect={() => onRun(() => goToView({ kind: 'team', teamId: team.id }))}
            >
              <TeamMark id={team.id} name={team.name} />
              <span className={text.cut}>
                <MarkedText text={team.name} wanted={wanted} />
              </span>
            </Command.Item>
          ))}
        </Command.Group>
      )}
      {conversation && found.people.length > 0 && (
        <Command.Group
          heading={t('palette.transferTo', { name: conversation.title })}
          className={styles.group}
        >
          {found.people.map((person) => (
            <Command.Item
              key={person.id}
              value={personValue(person)}
              className={styles.item}
              onSelect={() => onRun(() => void transferTo(person))}
            >
              <Avatar id={person.id} name={person.fullName} size="small" />
              <span className={text.cut}>
                <MarkedText text={person.fullName} wanted={wanted} />
              </span>
              <span className={styles.end}>
                {presenceWords(person.presence, t)}{' '}
                {loadText(person.load, person.presence.capacity)}
              </span>
            </Command.Item>
          ))}
        </Command.Group>
      )}
    </>
  )
}

function Hit({ hit, onRun }: { hit: SearchHit; onRun: Run }) {
  const t = useTranslate()
  const language = useLanguage()
  const now = useNow('minute')
  const openConversation = useViewState((state) => state.openConversation)
  const isTitle = hit.messageId === null
  return (
    <Command.Item
      value={hitValue(hit)}
      className={styles.item}
      onSelect={() => onRun(() => openConversation(hit.conversationId, hit.messageId))}
    >
      <ChannelGlyph channel={hit.channel} />
      <span className={classNames(text.cut, styles.label)}>
        {isTitle && hit.snippet.length > 0 ? <MarkedPieces pieces={hit.snippet} /> : hit.title}
      </span>
      {!isTitle && (
        <span className={classNames(text.cut, styles.snippet)}>
          <MarkedPieces pieces={hit.snippet} />
        </span>
      )}
      <span className={styles.end}>
        {hit.at ? timeOrDate(Date.parse(hit.at), now, language) : t(`status.${hit.status}`)}
      </span>
    </Command.Item>
  )
}
