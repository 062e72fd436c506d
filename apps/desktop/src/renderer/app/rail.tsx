import { useDirectory, useMe } from '../bridge/views.ts'
import { type RailEntry } from '../contributions/contribution.ts'
import { derived, inOrder, useDerived } from '../contributions/registry.ts'
import { Slot } from '../contributions/slot.tsx'
import { useTranslate } from '../i18n/use-translate.tsx'
import { useUnsaved } from '../ui/form/edits.ts'
import { classNames } from '../ui/class-names.ts'
import { Icon } from '../ui/icon.tsx'
import signs from '../ui/scroll-signs.module.css'
import { useCommand } from './commands.ts'
import { RailGroup, RailItem } from './rail-item.tsx'
import styles from './rail.module.css'
import { useViewState } from './view-state.ts'

/** Where one is and can go, with what waits there; at its foot, oneself. */
export function Rail() {
  const t = useTranslate()
  return (
    <nav className={styles.rail} aria-label={t('rail.label')} data-pane="rail">
      <div className={classNames(styles.views, signs.down)}>
        <Slot of="rail" />
        <Screens />
      </div>
      <div className={styles.foot}>
        <Slot of="railFoot" />
      </div>
      <Slot of="railSelf" />
    </nav>
  )
}

const entries = derived((contributions) => inOrder(contributions.flatMap(({ rail }) => rail ?? [])))

/** What lies beside the conversations, for those who have something to do there. */
function Screens() {
  const t = useTranslate()
  const { role } = useMe()
  const { teams } = useDirectory()
  const shown = useDerived(entries).filter(({ isFor }) => isFor({ role, teams }))
  if (shown.length === 0) return null
  return (
    <RailGroup heading={t('rail.screens')}>
      {shown.map((entry) => (
        <ScreenItem key={entry.command} {...entry} />
      ))}
    </RailGroup>
  )
}

function ScreenItem({ screen, command, label, icon }: RailEntry) {
  const t = useTranslate()
  const isShown = useViewState((state) => state.screen.kind === screen.kind)
  const showScreen = useViewState((state) => state.showScreen)
  const show = () => showScreen(screen)
  useCommand(command, show)
  const isUnsaved = useUnsaved()({ screen: screen.kind })
  return (
    <li>
      <RailItem
        icon={<Icon of={icon} />}
        label={t(label)}
        isShown={isShown}
        isUnsaved={isUnsaved}
        onClick={show}
      />
    </li>
  )
}
