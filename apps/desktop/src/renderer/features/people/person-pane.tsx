import type { LinkOutput, PersonSummary } from '@parley/contracts'
import type { DirectoryPart } from '@parley/domain'
import { useState } from 'react'

import { useViewState } from '../../app/view-state.ts'
import { useAsking } from '../../bridge/use-asking.ts'
import { useErrorWords } from '../../bridge/use-error-words.ts'
import { useConnection, useDirectory, useMe } from '../../bridge/views.ts'
import { type Screens } from '../../contributions/contributed.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import field from '../../ui/field.module.css'
import { Refused } from '../../ui/refused.tsx'
import { PanePart, SidePane } from '../../ui/side-pane.tsx'
import text from '../../ui/text.module.css'
import { RoleChoice, TeamChoices } from './choices.tsx'
import { OneTimeLink } from './one-time-link.tsx'
import styles from './people.module.css'
import { SessionList } from './session-list.tsx'

type Change = Pick<PersonSummary, 'fullName' | 'email' | 'role' | 'teamIds'>

/** What of a person an administrator changes. */
export function PersonPane({
  person,
  onChanged,
  onClose,
}: {
  person: PersonSummary
  onChanged: () => void
  onClose: () => void
}) {
  const t = useTranslate()
  const me = useMe()
  const isOnline = useConnection()?.state === 'online'
  const { ask, isBusy, error } = useAsking()
  const wordsOf = useErrorWords()
  const { teams } = useDirectory()
  const showScreen = useViewState((state) => state.showScreen)
  const [draft, setDraft] = useState<Change>(person)
  const [link, setLink] = useState<LinkOutput | null>(null)
  const changed = changesOf(person, draft)
  const set = (change: Partial<Change>) => setDraft((before) => ({ ...before, ...change }))
  const { id: userId } = person
  const showLog = (filter: Screens['audit']['filter']) => showScreen({ kind: 'audit', filter })
  const says = (part: DirectoryPart) => person.fromDirectory.includes(part)
  const isStuck = isBusy || !isOnline

  /** One after the other: of what is refused the rest stays as it was typed. */
  const save = async () => {
    const { fullName, email, role, teamIds } = draft
    const steps = [
      changed.has('name') && (() => ask('people.save', { userId, fullName, email })),
      changed.has('role') && (() => ask('people.setRole', { userId, role })),
      changed.has('teams') && (() => ask('people.setTeams', { userId, teamIds })),
    ]
    for (const step of steps) {
      if (step && !(await step()).ok) break
    }
    onChanged()
  }
  const isExpected = person.state === 'invited' || person.state === 'expected'
  const makeLink = async () => {
    const result = await ask('people.makeLink', { userId })
    if (result.ok) setLink(result.value)
    onChanged()
  }
  const foot = changed.size > 0 && (
    <>
      <span className={text.meta}>{t('people.changes', { count: changed.size })}</span>
      <span className={text.grow} />
      <Button look="line" disabled={isBusy} onClick={() => setDraft(person)}>
        {t('form.discard')}
      </Button>
      <Button look="primary" disabled={isStuck} onClick={() => void save()}>
        {t('form.save')}
      </Button>
    </>
  )
  return (
    <SidePane title={person.fullName} detail={person.email} foot={foot} onClose={onClose}>
      {error && <Refused words={wordsOf(error)} />}
      {(person.managedBy !== 'manual' || person.isSent) && (
        <Asked
          key={person.managedBy}
          label={t('people.directory')}
          words={t(`people.directoryWords.${person.managedBy}`)}
          ask={t(person.managedBy === 'manual' ? 'people.giveBack' : 'people.takeOver')}
          isStuck={isStuck}
          onDo={() =>
            ask(person.managedBy === 'manual' ? 'people.giveBack' : 'people.takeOver', {
              userId,
            }).then(onChanged)
          }
        />
      )}
      <PanePart label={t('people.fullName')}>
        <input
          className={classNames(field.input, styles.wide)}
          name="fullName"
          readOnly={says('name')}
          maxLength={255}
          value={draft.fullName}
          aria-label={t('people.fullName')}
          onChange={({ target }) => set({ fullName: target.value })}
        />
      </PanePart>
      <PanePart label={t('people.email')}>
        <input
          className={classNames(field.input, styles.wide)}
          name="email"
          readOnly={says('name')}
          type="email"
          maxLength={255}
          value={draft.email}
          aria-label={t('people.email')}
          onChange={({ target }) => set({ email: target.value })}
        />
      </PanePart>
      <PanePart label={t('people.role')}>
        <RoleChoice value={draft.role} isFixed={says('role')} onChange={(role) => set({ role })} />
      </PanePart>
      <PanePart label={t('people.teams')}>
        <TeamChoices
          value={draft.teamIds}
          isFixed={says('teams')}
          onChange={(teamIds) => set({ teamIds })}
        />
      </PanePart>
      <PanePart label={t('people.work')}>
        <p className={text.meta}>{t('people.workWords')}</p>
        {person.teamIds.map((teamId) => (
          <p key={teamId} className={text.line}>
            <span className={classNames(text.grow, text.cut)}>{teams.get(teamId)?.name}</span>
            <LinkButton onClick={() => showScreen({ kind: 'routing', teamId, part: 'skills' })}>
              {t('people.skills')}
            </LinkButton>
            <LinkButton onClick={() => showScreen({ kind: 'watch', teamId })}>
              {t('people.capacity')}
            </LinkButton>
          </p>
        ))}
      </PanePart>
      <PanePart label={t('people.log')}>
        <p className={text.line}>
          <LinkButton onClick={() => showLog({ about: { id: userId, name: person.fullName } })}>
            {t('people.logAbout')}
          </LinkButton>
          <LinkButton onClick={() => showLog({ who: userId })}>{t('people.logBy')}</LinkButton>
        </p>
      </PanePart>
      {person.state !== 'inactive' && (
        <PanePart
          label={t(isExpected ? 'people.invitation' : 'people.password')}
          action={
            <LinkButton disabled={isStuck} onClick={() => void makeLink()}>
              {t(isExpected ? 'people.newInvitation' : 'people.newPassword')}
            </LinkButton>
          }
        >
          {link !== null ? (
            <OneTimeLink link={link} />
          ) : (
            <p className={text.meta}>
              {t(isExpected ? 'people.invitationWords' : 'people.passwordWords')}
            </p>
          )}
        </PanePart>
      )}
      {person.hasSecondFactor && (
        <Asked
          label={t('people.secondFactor')}
          words={t('people.secondFactorWords')}
          ask={t('people.removeSecondFactor')}
          isStuck={isStuck}
          onDo={() => ask('people.removeSecondFactor', { userId }).then(onChanged)}
        />
      )}
      {person.providers.length > 0 && (
        <Asked
          label={t('people.signsOn')}
          words={t('people.unlinkWords', { providers: person.providers.join(', ') })}
          ask={t('people.unlink')}
          isStuck={isStuck}
          onDo={() => ask('signOn.unlink', { userId }).then(onChanged)}
        />
      )}
      {person.sessions > 0 && (
        <PanePart label={t('people.sessions')}>
          <SessionList userId={userId} onEnded={onChanged} />
        </PanePart>
      )}
      {person.id !== me.id &&
        (person.state === 'inactive' ? (
          <PanePart label={t('people.access')}>
            {says('access') && <p className={text.meta}>{t('people.inactiveInDirectory')}</p>}
            <Button
              look="line"
              disabled={isStuck || says('access')}
              onClick={() =>
                void ask('people.setActive', { userId, isActive: true }).then(onChanged)
              }
            >
              {t('people.activate')}
            </Button>
          </PanePart>
        ) : (
          <Asked
            label={t('people.access')}
            words={t('people.deactivateWords')}
            ask={t('people.deactivate')}
            isStuck={isStuck}
            onDo={() => ask('people.setActive', { userId, isActive: false }).then(onChanged)}
          />
        ))}
    </SidePane>
  )
}

/** What cannot be taken back is asked about where it stands. */
function Asked({
  label,
  words,
  ask,
  isStuck,
  onDo,
}: {
  label: string
  words: string
  ask: string
  isStuck: boolean
  onDo: () => Promise<void>
}) {
  const t = useTranslate()
  const [isAsking, setAsking] = useState(false)
  return (
    <PanePart label={label}>
      <p className={text.meta}>{words}</p>
      {isAsking ? (
        <div className={text.line}>
          <Button look="line" autoFocus onClick={() => setAsking(false)}>
            {t('people.keep')}
          </Button>
          <Button
            look="danger"
            disabled={isStuck}
            onClick={() => void onDo().then(() => setAsking(false))}
          >
            {ask}
          </Button>
        </div>
      ) : (
        <Button look="line" disabled={isStuck} onClick={() => setAsking(true)}>
          {ask}…
        </Button>
      )}
    </PanePart>
  )
}

type Changed = 'name' | 'role' | 'teams'

function changesOf(before: Change, after: Change): ReadonlySet<Changed> {
  const changed = new Set<Changed>()
  if (after.fullName.trim() !== before.fullName || after.email.trim() !== before.email)
    changed.add('name')
  if (after.role !== before.role) changed.add('role')
  if ([...after.teamIds].toSorted().join() !== [...before.teamIds].toSorted().join())
    changed.add('teams')
  return changed
}
