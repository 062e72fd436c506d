import type { InboxView, TeamView } from '@parley/contracts'
import { mayEver } from '@parley/domain'
import {
  Archive,
  ChartColumn,
  Inbox,
  Layers,
  ListFilter,
  ListOrdered,
  Route,
  Timer,
} from 'lucide-react'
import { useEffect, type ReactNode } from 'react'

import { useReadAll } from '../bridge/use-read.ts'
import { useTeamsWith } from '../bridge/use-teams-with.ts'
import { useDirectory, useMe } from '../bridge/views.ts'
import { PresenceMenu } from '../features/presence/presence-menu.tsx'
import { SettingsMenu } from '../features/session/settings-menu.tsx'
import { useTranslate } from '../i18n/use-translate.tsx'
import { TeamMark } from '../ui/avatar.tsx'
import { classNames } from '../ui/class-names.ts'
import { Icon } from '../ui/icon.tsx'
import { OnlyRead } from '../ui/only-read.tsx'
import { SlaShape } from '../ui/sla-shape.tsx'
import text from '../ui/text.module.css'
import { useCommand } from './commands.ts'
import styles from './rail.module.css'
import { type Screen, isSameView, useViewState } from './view-state.ts'

/** Where one is and can go, with what waits there; at its foot, oneself. */
export function Rail() {
  const t = useTranslate()
  const counts = useCounts()
  const teams = useShownTeams()
  useGoCommands(teams)
  return (
    <nav className={styles.rail} aria-label={t('rail.label')} data-pane="rail">
      <div className={styles.views}>
        <ul className={styles.list}>
          <RailItem view={{ kind: 'mine' }} label={t('view.mine')} count={counts?.mine}>
            <Icon of={Inbox} />
          </RailItem>
          <RailItem view={{ kind: 'open' }} label={t('view.open')} count={counts?.open}>
            <Icon of={Layers} />
          </RailItem>
          <RailItem view={{ kind: 'closed' }} label={t('view.closed')}>
            <Icon of={Archive} />
          </RailItem>
        </ul>
        {teams.length > 0 && (
          <>
            <h2 className={styles.heading}>{t('rail.teams')}</h2>
            <ul className={styles.list}>
              {teams.map((team) => (
                <RailItem
                  key={team.id}
                  view={{ kind: 'team', teamId: team.id }}
                  label={team.name}
                  count={counts?.teams[team.id] ?? 0}
                  due={counts?.due[team.id]}
                >
                  <TeamMark id={team.id} name={team.name} />
                </RailItem>
              ))}
            </ul>
          </>
        )}
        <Screens />
      </div>
      <div className={styles.foot}>
        <SettingsMenu itemClassName={styles.item} labelClassName={styles.label} />
      </div>
      <PresenceMenu />
    </nav>
  )
}

const COUNTED_EVERY_MS = 15_000

/** What is due soon is so by the clock alone: it is counted anew though nothing has changed. */
function useCounts() {
  const { value, readAgain } = useReadAll('inbox.counts')
  useEffect(() => {
    const timer = setInterval(readAgain, COUNTED_EVERY_MS)
    return () => clearInterval(timer)
  }, [readAgain])
  return value
}

function RailItem({
  view,
  label,
  count,
  due,
  children,
}: {
  view: InboxView
  label: string
  count?: number | undefined
  due?: 'warning' | 'overdue' | undefined
  children: ReactNode
}) {
  const shown = useViewState((state) => state.view)
  const isInbox = useViewState((state) => state.screen.kind === 'inbox')
  const showView = useViewState((state) => state.showView)
  return (
    <li>
      <button
        type="button"
        className={styles.item}
        title={label}
        {...(isInbox && isSameView(view, shown) ? { 'aria-current': 'page' as const } : {})}
        onClick={() => showView(view)}
      >
        {children}
        <span className={classNames(styles.label, text.grow, text.cut)}>{label}</span>
        {due !== undefined && <DueMark of={due} />}
        {count !== undefined && <span className={styles.count}>{count}</span>}
      </button>
    </li>
  )
}

/** The worst that waits there. */
function DueMark({ of }: { of: 'warning' | 'overdue' }) {
  const t = useTranslate()
  return (
    <span className={classNames(styles.due, styles[of])} data-due={of}>
      <SlaShape of={of === 'overdue' ? 'breached' : 'warning'} ground="var(--bg-chrome)" />
      <OnlyRead>{t(`rail.${of}`)}</OnlyRead>
    </span>
  )
}

const WATCH: Screen = { kind: 'watch', teamId: null }
const ROUTING: Screen = { kind: 'routing', teamId: null, part: 'settings' }
const TRIAGE: Screen = { kind: 'triage', part: 'rules' }
const WALLBOARD: Screen = { kind: 'wallboard' }
const SLA: Screen = { kind: 'sla', teamId: null, part: 'goals' }
const ALERTS: Screen = { kind: 'alerts', part: 'list' }

/** What lies beside the conversations: the queue for those who answer for it, and the rules for everybody. */
function Screens() {
  const t = useTranslate()
  const watches = useTeamsWith('queue.watch').length > 0
  const reads = useTeamsWith('team_settings.read').length > 0
  const sorts = mayEver(useMe().role, 'triage.read')
  const show = useViewState((state) => state.showScreen)
  useCommand('go.watch', watches ? () => show(WATCH) : null)
  useCommand('go.routing', reads ? () => show(ROUTING) : null)
  useCommand('go.triage', sorts ? () => show(TRIAGE) : null)
  useCommand('go.wallboard', watches ? () => show(WALLBOARD) : null)
  useCommand('go.sla', reads ? () => show(SLA) : null)
  useCommand('go.alerts', () => show(ALERTS))
  if (!watches && !reads && !sorts) return null
  return (
    <>
      <h2 className={styles.heading}>{t('rail.screens')}</h2>
      <ul className={styles.list}>
        {watches && (
          <ScreenItem screen={WALLBOARD} label={t('wallboard.title')}>
            <Icon of={ChartColumn} />
          </ScreenItem>
        )}
        {watches && (
          <ScreenItem screen={WATCH} label={t('watch.title')}>
            <Icon of={ListOrdered} />
          </ScreenItem>
        )}
        {reads && (
          <ScreenItem screen={ROUTING} label={t('routing.title')}>
            <Icon of={Route} />
          </ScreenItem>
        )}
        {reads && (
          <ScreenItem screen={SLA} label={t('sla.title')}>
            <Icon of={Timer} />
          </ScreenItem>
        )}
        {sorts && (
          <ScreenItem screen={TRIAGE} label={t('triage.title')}>
            <Icon of={ListFilter} />
          </ScreenItem>
        )}
      </ul>
    </>
  )
}

function ScreenItem({
  screen,
  label,
  children,
}: {
  screen: Screen
  label: string
  children: ReactNode
}) {
  const isShown = useViewState((state) => state.screen.kind === screen.kind)
  const show = useViewState((state) => state.showScreen)
  return (
    <li>
      <button
        type="button"
        className={styles.item}
        title={label}
        {...(isShown ? { 'aria-current': 'page' as const } : {})}
        onClick={() => show(screen)}
      >
        {children}
        <span className={classNames(styles.label, text.grow, text.cut)}>{label}</span>
      </button>
    </li>
  )
}

/** One's own teams; who answers for all of them sees all of them. */
function useShownTeams(): TeamView[] {
  const { teams } = useDirectory()
  const { role } = useMe()
  const seesAll = role === 'supervisor' || role === 'admin'
  return [...teams.values()].filter((team) => team.isMine || seesAll)
}

function useGoCommands(teams: readonly TeamView[]): void {
  const view = useViewState((state) => state.view)
  const go = useViewState((state) => state.goToView)
  useCommand('go.mine', () => go({ kind: 'mine' }))
  useCommand('go.open', () => go({ kind: 'open' }))
  useCommand('go.closed', () => go({ kind: 'closed' }))
  // Again goes to the next team's.
  const present = teams.findIndex((team) => view.kind === 'team' && team.id === view.teamId)
  const next = teams[(present + 1) % Math.max(1, teams.length)]
  useCommand('go.queue', next ? () => go({ kind: 'team', teamId: next.id }) : null)
}
