import type { InboxRow, TagView, TagsView } from '@parley/contracts'
import { may } from '@parley/domain'
import { useMemo } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useReadAll } from '../../bridge/use-read.ts'
import { useMe } from '../../bridge/views.ts'
import { useSettleMove } from '../conversation/index.ts'

const NONE: TagsView = { tags: [], requiredIn: [], mayCreateFor: [] }

export function useTags(): TagsView {
  return useReadAll('tags.list').value ?? NONE
}

/** Those of them that are known, in the order that is given. */
export function useTagsOf(ids: readonly string[]): TagView[] {
  const { tags } = useTags()
  const byId = useMemo(() => new Map(tags.map((tag) => [tag.id, tag])), [tags])
  return ids.flatMap((id) => byId.get(id) ?? [])
}

export interface Tagging {
  /** Whether this person may change the conversation's tags. */
  may: boolean
  /** What can be on it: everybody's and its team's own. */
  choices: readonly TagView[]
  has: (tagId: string) => boolean
  toggle: (tagId: string) => void
}

type Tagged = Pick<InboxRow, 'id' | 'teamId' | 'assignedTo' | 'tagIds'>

export function useTagging({ row }: { row: Tagged }): Tagging {
  const { id: userId, role, teamIds } = useMe()
  const ask = useAsk()
  const settle = useSettleMove(row.id)
  const { tags } = useTags()
  const has = (tagId: string) => row.tagIds.includes(tagId)
  return {
    may: may({ userId, role, teamIds }, 'conversation.tag', row),
    choices: tags.filter(({ id, teamId }) => teamId === null || teamId === row.teamId || has(id)),
    has,
    toggle: (tagId) =>
      settle(ask(has(tagId) ? 'tags.drop' : 'tags.add', { conversationId: row.id, tagId })),
  }
}
