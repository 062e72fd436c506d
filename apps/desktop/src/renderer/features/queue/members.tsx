import type { PersonView, QueueOutput } from '@parley/contracts'
import type { AwayReason } from '@parley/domain'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useConnection, useDirectory } from '../../bridge/views.ts'
import { until } from '../../i18n/phrases.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { classNames } from '../../ui/class-names.ts'
import { LoadBars } from '../../ui/load-bars.tsx'
import { loadText } from '../../ui/load-text.ts'
import { Menu, MenuChoice, MenuHeading, MenuItem, MenuNote } from '../../ui/menu.tsx'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'
import { PresenceGlyph } from '../../ui/presence-glyph.tsx'
import text from '../../ui/text.module.css'
import { onlineWords, orderPeople } from '../handover/index.ts'
import { presenceWords, shownPresence } from '../presence/index.ts'
import styles from './members.module.css'

interface MembersProps {
  teamId: string
  /** Undefined until it was read: presence is known anyway. */
  queue: QueueOutput | undefined
  onChanged: () => void
}

/** The team's people: how much each has, and what keeps them from the next one. Each opens to what a lead may set. */
export function Members({ teamId, queue, onChanged }: MembersProps) {
  const t = useTranslate()
  const { people } = useDirectory()
  const members = orderPeople(
    [...people.values()].filter((person) => person.isActive && person.teamIds.includes(teamId)),
    teamId,
  )
  return (
    <aside className={styles.members} aria-label={t('members.title')}>
      <h2 className={styles.head}>
        {t('members.title')} <span className={text.meta}>{onlineWords(members, t)}</span>
      </h2>
      <MemberList people={members} counted={queue?.members} onChanged={onChanged} />
    </aside>
  )
}

/** People with how much they have; each opens to what a lead may set. */
export function MemberList({
  people,
  counted,
  onChanged,
}: {
  people: readonly PersonView[]
  /** As the server counts them, where it was asked. */
  counted: QueueOutput['members'] | undefined
  onChanged: () => void
}) {
  return (
    <ul className={styles.list}>
      {people.map((person) => (
        <Member
          key={person.id}
          person={person}
          counted={counted?.find(({ userId }) => userId === person.id)}
          onChanged={onChanged}
        />
      ))}
    </ul>
  )
}

function Member({
  person,
  counted,
  onChanged,
}: {
  person: PersonView
  counted: QueueOutput['members'][number] | undefined
  onChanged: () => void
}) {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const { presence } = person
  // The server counts all that somebody has; this cache sees only what this lead may see.
  const { load, capacity } = counted ?? { load: person.load, capacity: presence.capacity }
  const obstacle = counted?.obstacle ?? null
  const words = presenceWords(presence, t)
  const line =
    obstacle === null || obstacle === 'not_online' || obstacle === 'finishing'
      ? words
      : obstacle === 'in_wrap_up' && presence.wrapUpUntil !== null
        ? t('members.wrapUpUntil', { until: until(Date.parse(presence.wrapUpUntil), t) })
        : t(`obstacle.${obstacle}`)
  return (
    <li>
      <Menu
        label={t('members.menu', { name: person.fullName })}
        className={styles.menu}
        trigger={
          <button
            type="button"
            className={styles.member}
            disabled={!isOnline}
            data-user-id={person.id}
            data-obstacle={obstacle ?? undefined}
          >
            <Avatar id={person.id} name={person.fullName} presence={shownPresence(presence)} />
            <span className={styles.words}>
              <span className={classNames(styles.name, text.cut)}>{person.fullName}</span>
              <span className={classNames(text.meta, text.cut)}>{line}</span>
            </span>
            <span className={styles.load}>
              {loadText(load, capacity)}
              <LoadBars load={load} capacity={capacity} />
            </span>
          </button>
        }
      >
        <MemberMenu person={person} onChanged={onChanged} />
      </Menu>
    </li>
  )
}

const REASONS = ['break', 'lunch', 'meeting', 'training'] as const
const MOST_CAPACITY = 50

/** What a lead sets for somebody else; the person sees by whom. */
function MemberMenu({ person, onChanged }: { person: PersonView; onChanged: () => void }) {
  const t = useTranslate()
  const ask = useAsk()
  const notifyRefusal = useNotifyRefusal()
  const { status, reason, capacity, isFinishing } = person.presence
  const tell = (result: Awaited<ReturnType<typeof ask<'presence.setOf'>>>) => {
    if (!result.ok) return notifyRefusal(result.error)
    onChanged()
  }
  const set = async (
    next: 'online' | 'busy' | 'away',
    why: AwayReason | null,
    finishing = isFinishing,
  ) => {
    tell(
      await ask('presence.setOf', {
        userId: person.id,
        status: next,
        reason: why,
        isFinishing: finishing,
      }),
    )
  }
  const setCapacity = async (next: number) => {
    tell(await ask('presence.setCapacity', { userId: person.id, capacity: next }))
  }
  return (
    <>
      <MenuHeading>{t('members.presence')}</MenuHeading>
      {status === 'offline' ? (
        <MenuNote>{t('members.offline')}</MenuNote>
      ) : (
        <>
          <MenuChoice checked={status === 'online'} onSelect={() => void set('online', null)}>
            <PresenceGlyph status="online" />
            {t('presence.online')}
          </MenuChoice>
          <MenuChoice checked={status === 'busy'} onSelect={() => void set('busy', null)}>
            <PresenceGlyph status="busy" />
            {t('presence.busy')}
          </MenuChoice>
          {REASONS.map((why) => (
            <MenuChoice
              key={why}
              checked={status === 'away' && reason === why}
              onSelect={() => void set('away', why)}
            >
              <PresenceGlyph status="away" />
              {t('members.awayFor', { reason: t(`away.${why}`) })}
            </MenuChoice>
          ))}
          <MenuChoice
            checked={isFinishing}
            onSelect={() => void set(status, knownReason(reason), !isFinishing)}
          >
            <PresenceGlyph status="finishing" />
            {t('presence.takeNoMore')}
          </MenuChoice>
        </>
      )}
      <MenuHeading>{t('members.capacity', { capacity })}</MenuHeading>
      <MenuItem
        staysOpen
        disabled={capacity >= MOST_CAPACITY}
        onSelect={() => void setCapacity(capacity + 1)}
      >
        {t('members.capacityTo', { capacity: Math.min(MOST_CAPACITY, capacity + 1) })}
      </MenuItem>
      <MenuItem staysOpen disabled={capacity <= 0} onSelect={() => void setCapacity(capacity - 1)}>
        {t('members.capacityTo', { capacity: Math.max(0, capacity - 1) })}
      </MenuItem>
    </>
  )
}

/** A reason that is not one of ours is not sent back. */
const knownReason = (reason: string | null) => REASONS.find((known) => known === reason) ?? null
