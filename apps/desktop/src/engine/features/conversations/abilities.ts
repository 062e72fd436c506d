import { type Abilities, type ConversationRow } from '@parley/contracts'
import { may, transition, type Actor, type LifecycleEvent, type Permission } from '@parley/domain'

/** The server's own rules, so that nothing is offered that would be refused. */
export function abilitiesOf(actor: Actor, conversation: ConversationRow): Abilities {
  const belonging = { teamId: conversation.teamId, assignedTo: conversation.assignedTo }
  const can = (permission: Permission, ...events: LifecycleEvent[]): boolean =>
    may(actor, permission, belonging) &&
    events.some((event) => transition(conversation.status, event) !== null)
  return {
    reply: can('conversation.reply', 'agent_replied'),
    claim: can('conversation.claim', 'assigned_by_person'),
    assign: can('conversation.assign', 'assigned_by_person', 'transferred_to_agent'),
    transfer: can('conversation.assign', 'transferred_to_agent', 'moved_to_team'),
    release: can('conversation.assign', 'returned_to_queue'),
    takeOver: mayTakeOver(actor, conversation),
    close: can('conversation.close', 'closed'),
    reopen: can('conversation.close', 'reopened_to_queue') && conversation.teamId !== null,
    setPriority:
      conversation.status !== 'closed' && may(actor, 'conversation.prioritise', belonging),
  }
}

export function mayTakeOver(
  actor: Actor,
  { teamId, assignedTo, status }: Pick<ConversationRow, 'teamId' | 'assignedTo' | 'status'>,
): boolean {
  if (assignedTo === actor.userId) return false
  const events = ['transferred_to_agent', 'assigned_by_person'] as const
  return (
    may(actor, 'conversation.take_over', { teamId, assignedTo }) &&
    events.some((event) => transition(status, event) !== null)
  )
}
