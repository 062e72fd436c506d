import { PRIORITIES, type Priority } from '@parley/domain'

import { useViewState } from '../../app/view-state.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuChoice, MenuHeading } from '../../ui/menu.tsx'
import { PriorityIcon } from '../../ui/priority-glyph.tsx'

/** The most urgent one first. */
const CHOICES = PRIORITIES.toReversed()

/** How urgent it is, and the way to say otherwise: one menu, opened by its button or its key. */
export function PriorityMenu({
  conversationId,
  priority,
  onChoose,
}: {
  conversationId: string
  priority: Priority
  onChoose: (priority: Priority) => void
}) {
  const t = useTranslate()
  const open = useViewState((state) => state.priorityMenuFor === conversationId)
  const setOpenFor = useViewState((state) => state.setPriorityMenuFor)
  return (
    <Menu
      open={open}
      onOpenChange={(next) => setOpenFor(next ? conversationId : null)}
      align="start"
      label={t('priority.menu')}
      trigger={
        <Button
          look="line"
          size="small"
          title={t('priority.menu')}
          aria-label={t('priority.now', { priority: t(`priority.${priority}`) })}
        >
          <PriorityIcon priority={priority} />
          {t(`priority.${priority}`)}
        </Button>
      }
    >
      <MenuHeading>{t('priority.menu')}</MenuHeading>
      {CHOICES.map((choice) => (
        <MenuChoice
          key={choice}
          checked={choice === priority}
          onSelect={() => choice !== priority && onChoose(choice)}
        >
          <PriorityIcon priority={choice} />
          {t(`priority.${choice}`)}
        </MenuChoice>
      ))}
    </Menu>
  )
}
