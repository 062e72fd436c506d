import {
  type AlertRow,
  type CannedResponseRow,
  type ConversationRow,
  type CustomerRow,
  type EventRow,
  type MessageRow,
  type OfferRow,
  type PersonRow,
  type PresenceRow,
  type ProblemRow,
  type ReadMarkRow,
  type SlaClockRow,
  type TeamRow,
} from '@parley/contracts'

/** Rows for tests, whole and valid; say only what matters. */

const AT = '2026-11-20T10:00:00.000Z'

let ids = 0
export const someId = (): string => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`

export function conversation(given: Partial<ConversationRow> = {}): ConversationRow {
  return {
    id: someId(),
    version: 1,
    customerId: someId(),
    channel: 'whatsapp',
    channelAccountId: someId(),
    teamId: 'sales',
    assignedTo: null,
    status: 'queued',
    priority: 'normal',
    language: 'es',
    createdAt: AT,
    firstMessageAt: AT,
    firstResponseAt: null,
    assignedAt: null,
    queuedAt: AT,
    closedAt: null,
    closedBy: null,
    closeReason: null,
    waitingSince: AT,
    lastInboundAt: AT,
    lastMessageAt: AT,
    lastMessage: null,
    nextDueAt: null,
    clocks: [],
    snoozedUntil: null,
    ...given,
  }
}

let seqs = 0

export function message(conversationId: string, given: Partial<MessageRow> = {}): MessageRow {
  return {
    id: someId(),
    version: 1,
    conversationId,
    seq: ++seqs,
    direction: 'inbound',
    senderType: 'customer',
    senderId: null,
    contentType: 'text',
    text: 'hola',
    content: {},
    status: 'delivered',
    sentAt: AT,
    deliveredAt: null,
    readAt: null,
    failedReason: null,
    ambiguousAt: null,
    discardedAt: null,
    replyToId: null,
    ...given,
  }
}

export function event(conversationId: string, given: Partial<EventRow> = {}): EventRow {
  return {
    id: someId(),
    version: 1,
    conversationId,
    seq: ++seqs,
    type: 'conversation.created',
    actorType: 'system',
    actorId: null,
    oldValue: null,
    newValue: null,
    metadata: {},
    createdAt: AT,
    ...given,
  }
}

export function customer(id: string, given: Partial<CustomerRow> = {}): CustomerRow {
  return {
    id,
    version: 1,
    name: 'Héctor Quintanilla',
    channel: 'whatsapp',
    externalId: '+5215550123456',
    identities: [{ channel: 'whatsapp', externalId: '+5215550123456', isPrimary: true }],
    metadata: {},
    createdAt: AT,
    ...given,
  }
}

export function offer(conversationId: string, given: Partial<OfferRow> = {}): OfferRow {
  return {
    id: someId(),
    version: 1,
    conversationId,
    userId: 'me',
    teamId: 'sales',
    offeredAt: AT,
    expiresAt: '2026-11-20T10:00:30.000Z',
    outcome: 'open',
    explanation: { chosenBecause: 'least_loaded' },
    ...given,
  }
}

/** A running first response, due ten minutes after the conversation began and warning after eight. */
export function clock(given: Partial<SlaClockRow> = {}): SlaClockRow {
  return {
    name: 'first_response',
    state: 'running',
    startedAt: AT,
    targetSeconds: 600,
    warnsAt: '2026-11-20T10:08:00.000Z',
    dueAt: '2026-11-20T10:10:00.000Z',
    tookSeconds: null,
    isMissed: false,
    ...given,
  }
}

/** An open breach of mine. */
export function alert(given: Partial<AlertRow> = {}): AlertRow {
  return {
    id: someId(),
    version: 1,
    userId: 'me',
    subjectId: someId(),
    kind: 'breach',
    clock: 'first_response',
    conversationId: someId(),
    teamId: 'sales',
    level: null,
    dueAt: '2026-11-20T10:10:00.000Z',
    risesAt: null,
    raisedAt: '2026-11-20T10:10:00.000Z',
    endedAt: null,
    endReason: null,
    acknowledgedBy: null,
    ...given,
  }
}

export function person(given: Partial<PersonRow> = {}): PersonRow {
  return {
    id: someId(),
    version: 1,
    fullName: 'Mariana Solís',
    role: 'agent',
    isActive: true,
    teamIds: ['sales'],
    ...given,
  }
}

export function presence(userId: string, given: Partial<PresenceRow> = {}): PresenceRow {
  return {
    id: userId,
    version: 1,
    status: 'online',
    reason: null,
    since: AT,
    capacity: 6,
    isFinishing: false,
    wrapUpUntil: null,
    ...given,
  }
}

export function problem(given: Partial<ProblemRow> = {}): ProblemRow {
  return {
    id: someId(),
    version: 1,
    kind: 'quarantine',
    details: { updates: 3 },
    firstAt: AT,
    lastAt: AT,
    acknowledgedBy: null,
    acknowledgedAt: null,
    endedAt: null,
    ...given,
  }
}

export function cannedResponse(given: Partial<CannedResponseRow> = {}): CannedResponseRow {
  return {
    id: someId(),
    version: 1,
    teamId: null,
    ownerId: null,
    shortcut: 'saludo',
    title: 'Saludo',
    content: 'Hola, ¿en qué le ayudo?',
    language: 'es',
    category: null,
    ...given,
  }
}

export function team(id: string, given: Partial<TeamRow> = {}): TeamRow {
  return { id, version: 1, name: 'Ventas', slug: id, isActive: true, ...given }
}

/** How far I have read. */
export function readMark(conversationId: string, given: Partial<ReadMarkRow> = {}): ReadMarkRow {
  return { id: someId(), version: 1, userId: 'me', conversationId, turn: 0, seq: 0, ...given }
}
