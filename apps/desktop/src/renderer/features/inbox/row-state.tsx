import type { InboxRow, PersonView } from '@parley/contracts'

import { Avatar, NobodyAvatar } from '../../ui/avatar.tsx'
import { UnreadCount } from '../../ui/pill.tsx'

/** What a row says of its conversation after its newest words. */
export interface RowStateProps {
  row: InboxRow
  /** It has left the list and keeps its place for a moment. */
  isGone: boolean
  assignee: PersonView | undefined
}

export function RowUnread({ row, isGone }: RowStateProps) {
  return !isGone && row.unread > 0 && <UnreadCount count={row.unread} />
}

export function RowOwner({ row, assignee }: RowStateProps) {
  if (row.assignedTo === null) return <NobodyAvatar />
  return <Avatar id={row.assignedTo} name={assignee?.fullName ?? '?'} size="small" named />
}
