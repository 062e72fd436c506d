import type { ConversationView } from '@parley/contracts'
import { PRIORITIES } from '@parley/domain'
import { useState } from 'react'

import { useCommand } from '../../app/commands.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuChoice, MenuHeading } from '../../ui/menu.tsx'
import { Pill } from '../../ui/pill.tsx'
import { PriorityIcon } from '../../ui/priority-glyph.tsx'
import { useSettleMove } from '../conversation/index.ts'

/** The most urgent one first. */
const CHOICES = PRIORITIES.toReversed()

interface PriorityProps {
  conversation: ConversationView
  isCurrent: boolean
}

/** How urgent the open conversation is, and where one may, the way to say otherwise. */
export function Priority({ conversation, isCurrent }: PriorityProps) {
  const t = useTranslate()
  const { row, abilities } = conversation
  if (abilities.setPriority)
    return <PriorityMenu conversation={conversation} isCurrent={isCurrent} />
  if (row.priority === 'normal') return null
  return (
    <Pill look="line">
      <PriorityIcon priority={row.priority} />
      {t(`priority.${row.priority}`)}
    </Pill>
  )
}

/** One menu, opened by its button or its key. */
function PriorityMenu({ conversation: { row }, isCurrent }: PriorityProps) {
  const t = useTranslate()
  const ask = useAsk()
  const settle = useSettleMove(row.id)
  const [isOpen, setOpen] = useState(false)
  useCommand('conversation.priority', isCurrent ? () => setOpen(true) : null)
  return (
    <Menu
      open={isOpen}
      onOpenChange={setOpen}
      align="start"
      label={t('priority.menu')}
      trigger={
        <Button
          look="line"
          size="small"
          title={t('priority.menu')}
          aria-label={t('priority.now', { priority: t(`priority.${row.priority}`) })}
        >
          <PriorityIcon priority={row.priority} />
          {t(`priority.${row.priority}`)}
        </Button>
      }
    >
      <MenuHeading>{t('priority.menu')}</MenuHeading>
      {CHOICES.map((priority) => (
        <MenuChoice
          key={priority}
          checked={priority === row.priority}
          onSelect={() => {
            if (priority !== row.priority)
              settle(ask('conversation.setPriority', { conversationId: row.id, priority }))
          }}
        >
          <PriorityIcon priority={priority} />
          {t(`priority.${priority}`)}
        </MenuChoice>
      ))}
    </Menu>
  )
}
