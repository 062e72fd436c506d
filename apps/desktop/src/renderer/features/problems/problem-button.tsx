import { ServerCrash } from 'lucide-react'

import { runCommand } from '../../app/commands.ts'
import { useViewState } from '../../app/view-state.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useProblems } from './use-problems.ts'

/** While anything is broken, acknowledged or not. */
export function ProblemButton() {
  const t = useTranslate()
  const count = useProblems().length
  const isShown = useViewState((state) => state.screen.kind === 'problems')
  if (count === 0) return null
  return (
    <IconButton
      label={t('problems.button', { count })}
      keysOf="go.problems"
      aria-pressed={isShown}
      onClick={() => runCommand('go.problems')}
    >
      <Icon of={ServerCrash} />
    </IconButton>
  )
}
