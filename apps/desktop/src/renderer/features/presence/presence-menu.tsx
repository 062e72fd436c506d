import { type AwayReason } from '@parley/domain'
import { useState } from 'react'

import { useCommand } from '../../app/commands.ts'
import { useViewState } from '../../app/view-state.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { useConnection, useMe } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { LoadBars } from '../../ui/load-bars.tsx'
import { loadText } from '../../ui/load-text.ts'
import { Menu, MenuChoice, MenuHeading, MenuItem, MenuNote, MenuRule } from '../../ui/menu.tsx'
import { OnlyRead } from '../../ui/only-read.tsx'
import { PresenceGlyph } from '../../ui/presence-glyph.tsx'
import text from '../../ui/text.module.css'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'
import styles from './presence-menu.module.css'
import { presenceWords, shownPresence } from './presence-words.ts'
import { useSetBy } from './use-set-by.ts'

/** Reasons a person can give; the others are found out. */
const CHOOSABLE_REASONS = [
  'break',
  'lunch',
  'meeting',
  'training',
] as const satisfies readonly AwayReason[]

/** Oneself at the rail's foot: presence, load, and the way out. */
export function PresenceMenu() {
  const t = useTranslate()
  const ask = useAsk()
  const me = useMe()
  const notifyRefusal = useNotifyRefusal()
  const offline = useConnection()?.state === 'offline'
  const openDialog = useViewState((state) => state.openDialog)
  const [open, setOpen] = useState(false)
  useCommand('presence.open', () => setOpen(true))

  const { status, reason, capacity, isFinishing } = me.presence
  const shownStatus = offline ? 'offline' : shownPresence(me.presence)
  const words = offline ? t('presence.offline') : presenceWords(me.presence, t)
  const load = loadText(me.load, capacity)
  const set = async (next: 'online' | 'busy' | 'away', why: AwayReason | null) => {
    const result = await ask('presence.set', { status: next, reason: why })
    if (!result.ok) notifyRefusal(result.error)
  }
  const setFinishing = async (next: boolean) => {
    const result = await ask('presence.setFinishing', { isFinishing: next })
    if (!result.ok) notifyRefusal(result.error)
  }
  const setBy = useSetBy(open && !offline)

  return (
    <Menu
      open={open}
      onOpenChange={setOpen}
      side="top"
      align="start"
      className={styles.menu}
      label={t('presence.menu')}
      trigger={
        <button
          type="button"
          className={styles.me}
          title={words}
          data-presence={offline ? 'offline' : status}
          data-finishing={isFinishing}
        >
          <Avatar id={me.id} name={me.fullName} presence={shownStatus} />
          <span className={styles.words}>
            <span className={styles.line}>
              <span className={`${styles.name} ${text.cut}`}>{me.fullName}</span>
              <span className={styles.load}>{load}</span>
            </span>
            <span className={styles.line}>
              <span className={text.cut}>{words}</span>
              {/* The words need the room; the number stands above them. */}
              {shownStatus !== 'finishing' && shownStatus !== 'away' && (
                <LoadBars load={me.load} capacity={capacity} />
              )}
            </span>
          </span>
          <OnlyRead>{t('presence.menu')}</OnlyRead>
          <span className={styles.mini} aria-hidden="true">
            {load}
          </span>
        </button>
      }
    >
      <MenuChoice checked={status === 'online'} onSelect={() => void set('online', null)}>
        <PresenceGlyph status="online" />
        {t('presence.online')}
      </MenuChoice>
      <MenuChoice
        checked={status === 'busy'}
        onSelect={() => void set('busy', null)}
        hint={t('presence.noNew')}
      >
        <PresenceGlyph status="busy" />
        {t('presence.busy')}
      </MenuChoice>
      <MenuHeading>{t('presence.awayBecause')}</MenuHeading>
      {CHOOSABLE_REASONS.map((why) => (
        <MenuChoice
          key={why}
          checked={status === 'away' && reason === why}
          onSelect={() => void set('away', why)}
        >
          <PresenceGlyph status="away" />
          {t(`awayItem.${why}`)}
        </MenuChoice>
      ))}
      {!offline && status === 'away' && reason === 'missed_offers' && (
        <MenuNote>{t('presence.missedOffers')}</MenuNote>
      )}
      {setBy !== null && <MenuNote>{t('presence.setBy', { who: setBy })}</MenuNote>}
      <MenuHeading>{t('presence.endOfShift')}</MenuHeading>
      <MenuChoice
        checked={isFinishing}
        onSelect={() => void setFinishing(!isFinishing)}
        hint={t('presence.noNew')}
      >
        <PresenceGlyph status="finishing" />
        {t('presence.takeNoMore')}
      </MenuChoice>
      <MenuItem onSelect={() => openDialog({ kind: 'end_shift' })}>
        <PresenceGlyph status="offline" />
        {t('presence.endShift')}
      </MenuItem>
      <MenuRule />
      <MenuNote>
        <span className={text.grow}>{t('presence.load')}</span>
        <strong className={text.digits}>{load}</strong>
      </MenuNote>
      <MenuRule />
      <MenuItem onSelect={() => openDialog({ kind: 'sign_out' })}>{t('session.signOut')}</MenuItem>
    </Menu>
  )
}
