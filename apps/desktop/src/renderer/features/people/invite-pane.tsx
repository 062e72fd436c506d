import type { LinkOutput } from '@parley/contracts'
import { type Role } from '@parley/domain'
import { type FormEvent, useState } from 'react'

import { useAsking } from '../../bridge/use-asking.ts'
import { useErrorWords } from '../../bridge/use-error-words.ts'
import { useConnection } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import field from '../../ui/field.module.css'
import { classNames } from '../../ui/class-names.ts'
import { Refused } from '../../ui/refused.tsx'
import { PanePart, SidePane } from '../../ui/side-pane.tsx'
import { RoleChoice, TeamChoices } from './choices.tsx'
import { OneTimeLink } from './one-time-link.tsx'
import styles from './people.module.css'

/** A further person: who they are, what they may, and the link that lets them in. */
export function InvitePane({ onInvited, onClose }: { onInvited: () => void; onClose: () => void }) {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const { ask, isBusy, error } = useAsking()
  const wordsOf = useErrorWords()
  const [fullName, setFullName] = useState('')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('agent')
  const [teamIds, setTeamIds] = useState<string[]>([])
  const [link, setLink] = useState<LinkOutput | null>(null)
  const invite = async (event: FormEvent) => {
    event.preventDefault()
    const result = await ask('people.invite', { fullName, email, role, teamIds })
    if (!result.ok) return
    setLink(result.value)
    onInvited()
  }
  if (link !== null) {
    return (
      <SidePane title={t('people.invited', { name: fullName })} detail={email} onClose={onClose}>
        <OneTimeLink link={link} />
      </SidePane>
    )
  }
  return (
    <SidePane title={t('people.invite')} onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void invite(event)}>
        <PanePart label={t('people.fullName')}>
          <input
            className={classNames(field.input, styles.wide)}
            name="fullName"
            autoFocus
            required
            maxLength={255}
            value={fullName}
            aria-label={t('people.fullName')}
            onChange={({ target }) => setFullName(target.value)}
          />
        </PanePart>
        <PanePart label={t('people.email')}>
          <input
            className={classNames(field.input, styles.wide)}
            name="email"
            type="email"
            required
            maxLength={255}
            value={email}
            aria-label={t('people.email')}
            onChange={({ target }) => setEmail(target.value)}
          />
        </PanePart>
        <PanePart label={t('people.role')}>
          <RoleChoice value={role} onChange={setRole} />
        </PanePart>
        <PanePart label={t('people.teams')}>
          <TeamChoices value={teamIds} onChange={setTeamIds} />
        </PanePart>
        {error && <Refused words={wordsOf(error)} />}
        <Button type="submit" look="primary" disabled={isBusy || !isOnline}>
          {t('people.makeLink')}
        </Button>
      </form>
    </SidePane>
  )
}
