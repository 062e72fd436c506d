import type { ConversationView } from '@parley/contracts'
import { ArrowRightLeft, Ellipsis, Hand, Inbox, PanelRight, UserPlus } from 'lucide-react'

import { useCommand } from '../../app/commands.ts'
import { useDirectory, useMe } from '../../bridge/views.ts'
import { Slot } from '../../contributions/slot.tsx'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { ChannelGlyph } from '../../ui/channel-glyph.tsx'
import { classNames } from '../../ui/class-names.ts'
import { DueClock, WaitClock } from '../../ui/clock.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { Pill } from '../../ui/pill.tsx'
import text from '../../ui/text.module.css'
import { useCustomerPanel } from '../customer/index.ts'
import { CloseMenu } from './close-menu.tsx'
import styles from './conversation-header.module.css'
import { turnOf } from './turn-words.ts'
import { type ConversationActions } from './use-conversation-actions.ts'

interface HeaderProps {
  conversation: ConversationView
  isCurrent: boolean
  actions: ConversationActions
}

export function ConversationHeader({ conversation, isCurrent, actions }: HeaderProps) {
  const t = useTranslate()
  const { row, customer } = conversation
  const primary =
    customer.identities.find((identity) => identity.isPrimary) ?? customer.identities[0]
  const isNumberTitle = primary !== undefined && row.title === primary.externalId
  return (
    <header className={styles.head}>
      <div className={styles.top}>
        <h2 className={classNames(styles.name, text.cut)}>{row.title}</h2>
        <ChannelGlyph channel={row.channel} />
        <span className={classNames(styles.channel, text.meta, text.cut, text.digits)}>
          {t(`channel.${row.channel}`)}
          {primary && !isNumberTitle && (
            <span className={styles.address}> · {primary.externalId}</span>
          )}
        </span>
        <span className={text.grow} />
        <HeaderActions conversation={conversation} actions={actions} />
      </div>
      <HeaderMeta conversation={conversation} isCurrent={isCurrent} />
    </header>
  )
}

function HeaderActions({ conversation: { abilities }, actions }: Omit<HeaderProps, 'isCurrent'>) {
  const t = useTranslate()
  const panel = useCustomerPanel()
  useCommand('panel.toggle', panel.toggle)
  const more = abilities.assign || abilities.release || (abilities.takeOver && abilities.transfer)
  return (
    <div className={styles.actions}>
      {abilities.takeOver && !abilities.transfer && (
        <Button title={t('action.takeOver')} onClick={actions.takeOver}>
          <Icon of={Hand} />
          <span className={styles.label}>{t('action.takeOver')}</span>
        </Button>
      )}
      {abilities.transfer && (
        <Button title={t('action.transfer')} onClick={actions.transfer} aria-haspopup="dialog">
          <Icon of={ArrowRightLeft} />
          <span className={styles.label}>{t('action.transfer')}</span>
        </Button>
      )}
      {abilities.close && <CloseMenu {...actions} />}
      {more && (
        <Menu
          label={t('action.more')}
          trigger={
            <IconButton label={t('action.more')}>
              <Icon of={Ellipsis} />
            </IconButton>
          }
        >
          {abilities.takeOver && abilities.transfer && (
            <MenuItem onSelect={actions.takeOver} keysOf="conversation.takeOver">
              <Icon of={Hand} />
              {t('action.takeOver')}
            </MenuItem>
          )}
          {abilities.assign && (
            <MenuItem onSelect={actions.assign} keysOf="conversation.assign">
              <Icon of={UserPlus} />
              {t('action.assign')}
            </MenuItem>
          )}
          {abilities.release && (
            <MenuItem onSelect={actions.release} keysOf="conversation.release">
              <Icon of={Inbox} />
              {t('action.release')}
            </MenuItem>
          )}
        </Menu>
      )}
      <IconButton
        label={t('panel.label')}
        keysOf="panel.toggle"
        aria-pressed={panel.isOpen}
        onClick={panel.toggle}
      >
        <Icon of={PanelRight} />
      </IconButton>
    </div>
  )
}

/** Whose turn, how urgent, whose team, and what runs. */
function HeaderMeta({ conversation, isCurrent }: Omit<HeaderProps, 'actions'>) {
  const t = useTranslate()
  const me = useMe()
  const { people, teams } = useDirectory()
  const { row, clocks } = conversation
  const turn = turnOf(row, me.id)
  const owner = row.assignedTo === null ? undefined : people.get(row.assignedTo)
  const team = row.teamId === null ? undefined : teams.get(row.teamId)
  const waitingSince = row.waitingSince === null ? null : Date.parse(row.waitingSince)
  // Beside a running clock one that has stopped is the first to make room.
  const isRunning = clocks.some(({ state }) => state !== 'stopped')
  return (
    <div className={styles.meta}>
      <div className={styles.facts} data-leaves-out>
        <Pill look={turn.look}>
          {turn.words === 'turn.colleague'
            ? t('turn.colleague', { name: owner?.fullName ?? t('person.somebody') })
            : t(turn.words as 'turn.me')}
        </Pill>
        <Slot of="conversationHeader" conversation={conversation} isCurrent={isCurrent} />
        {team && <span className={classNames(styles.team, text.cut)}>{team.name}</span>}
        {(clocks.length > 0 || waitingSince !== null) && <span className={styles.rule} />}
        {clocks.map((clock, index) => (
          <span
            key={clock.name}
            className={classNames(
              styles.clock,
              isRunning && clock.state === 'stopped' && styles.firstToHide,
              index > 0 && styles.nextToHide,
            )}
          >
            <span className={styles.clockName}>{t(`clockName.${clock.name}`)}</span>
            <DueClock clock={clock} />
          </span>
        ))}
        {clocks.length === 0 && row.status !== 'closed' && waitingSince !== null && (
          <span className={styles.clock}>
            <span className={styles.clockName}>{t('clock.waiting')}</span>
            <WaitClock since={waitingSince} />
          </span>
        )}
      </div>
      {owner && owner.id !== me.id && row.status !== 'closed' && (
        <Avatar id={owner.id} name={owner.fullName} size="small" named />
      )}
    </div>
  )
}
