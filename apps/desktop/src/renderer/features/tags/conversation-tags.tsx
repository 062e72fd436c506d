import type { ConversationView, InboxRow } from '@parley/contracts'
import { Tag } from 'lucide-react'

import { useCommand } from '../../app/commands.ts'
import { useViewState } from '../../app/view-state.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { TagChip, TagDots } from './tag-mark.tsx'
import { useTagging, useTagsOf } from './use-tags.ts'

/** The line has other things to say: the rest are dots there, and names in the dialog. */
const MOST_CHIPS = 3

/** The open conversation's tags, each with the way to take it off, and the way to put on others. */
export function ConversationTags({
  conversation,
  isCurrent,
}: {
  conversation: ConversationView
  isCurrent: boolean
}) {
  const t = useTranslate()
  const { row } = conversation
  const tags = useTagsOf(row.tagIds)
  const { may, toggle } = useTagging(conversation)
  const openDialog = useViewState((state) => state.openDialog)
  const choose = () => openDialog({ kind: 'tags', conversationId: row.id })
  useCommand('conversation.tag', isCurrent && may ? choose : null)
  return (
    <>
      {tags.slice(0, MOST_CHIPS).map((tag) => (
        <TagChip key={tag.id} tag={tag} onRemove={may ? () => toggle(tag.id) : undefined} />
      ))}
      {tags.length > MOST_CHIPS && <TagDots tags={tags.slice(MOST_CHIPS)} />}
      {may && (
        <IconButton
          label={t('command.conversation.tag')}
          keysOf="conversation.tag"
          aria-haspopup="dialog"
          onClick={choose}
        >
          <Icon of={Tag} size={14} />
        </IconButton>
      )}
    </>
  )
}

export function RowTags({ row, isGone }: { row: InboxRow; isGone: boolean }) {
  const tags = useTagsOf(row.tagIds)
  return !isGone && tags.length > 0 && <TagDots tags={tags} />
}
