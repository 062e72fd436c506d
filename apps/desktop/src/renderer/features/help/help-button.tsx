import { Keyboard } from 'lucide-react'

import { runCommand } from '../../app/commands.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'

export function HelpButton() {
  const t = useTranslate()
  return (
    <IconButton label={t('help.title')} keysOf="help.open" onClick={() => runCommand('help.open')}>
      <Icon of={Keyboard} />
    </IconButton>
  )
}
