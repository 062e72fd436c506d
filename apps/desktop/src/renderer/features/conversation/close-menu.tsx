import { CLOSE_REASONS, type CloseReason } from '@parley/domain'
import { Check } from 'lucide-react'

import { useViewState } from '../../app/view-state.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuHeading, MenuItem } from '../../ui/menu.tsx'
import { CLOSE_REASON_WORDS } from './event-words.ts'

/** Closing asks for the reason and does it: one menu, opened by its button or its key. */
export function CloseMenu({
  conversationId,
  onChoose,
}: {
  conversationId: string
  onChoose: (reason: CloseReason) => void
}) {
  const t = useTranslate()
  const open = useViewState((state) => state.closeMenuFor === conversationId)
  const setCloseMenuFor = useViewState((state) => state.setCloseMenuFor)
  return (
    <Menu
      open={open}
      onOpenChange={(next) => setCloseMenuFor(next ? conversationId : null)}
      label={t('close.reason')}
      trigger={
        <Button look="line" keysOf="conversation.close">
          <Icon of={Check} />
          {t('action.close')}
        </Button>
      }
    >
      <MenuHeading>{t('close.reason')}</MenuHeading>
      {CLOSE_REASONS.map((reason) => (
        <MenuItem key={reason} onSelect={() => onChoose(reason)}>
          {t(CLOSE_REASON_WORDS[reason])}
        </MenuItem>
      ))}
    </Menu>
  )
}
