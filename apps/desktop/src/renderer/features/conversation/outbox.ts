import { Archive, ArrowRightLeft, Check, Clock, Undo2, UserCheck } from 'lucide-react'

import { type OutboxWordsByKind } from '../outbox/index.ts'

export const outbox = {
  retry: { icon: Clock, title: 'outbox.retry', refused: 'refused.retry' },
  settle: { icon: Check, title: 'outbox.settle', refused: 'refused.settle' },
  claim: {
    icon: UserCheck,
    title: 'outbox.claim',
    refused: 'refused.claim',
    conflictSaysAll: true,
  },
  assign: { icon: UserCheck, title: 'outbox.assign', refused: 'refused.assign' },
  transfer: { icon: ArrowRightLeft, title: 'outbox.transfer', refused: 'refused.transfer' },
  release: { icon: ArrowRightLeft, title: 'outbox.release', refused: 'refused.release' },
  take_over: { icon: UserCheck, title: 'outbox.takeOver', refused: 'refused.takeOver' },
  close: { icon: Archive, title: 'outbox.close', refused: 'refused.close' },
  reopen: { icon: Archive, title: 'outbox.reopen', refused: 'refused.reopen' },
  undo: { icon: Undo2, title: 'outbox.undo', refused: 'refused.undo' },
} as const satisfies OutboxWordsByKind
