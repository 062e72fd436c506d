import { CLOSE_REASONS } from '@parley/domain'
import { Check } from 'lucide-react'

import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Menu, MenuHeading, MenuItem } from '../../ui/menu.tsx'
import { type ConversationActions } from './use-conversation-actions.ts'

/** Closing asks for the reason and does it: one menu, opened by its button or its key. */
export function CloseMenu({ close, closeMenu }: Pick<ConversationActions, 'close' | 'closeMenu'>) {
  const t = useTranslate()
  return (
    <Menu
      open={closeMenu.isOpen}
      onOpenChange={closeMenu.setOpen}
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
        <MenuItem key={reason} onSelect={() => close(reason)}>
          {t(`close.${reason}`)}
        </MenuItem>
      ))}
    </Menu>
  )
}
