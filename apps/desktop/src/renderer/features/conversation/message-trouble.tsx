import type { BridgeResult, MessageRow } from '@parley/contracts'
import { Check, Clock, Info, RotateCcw, Trash2, TriangleAlert } from 'lucide-react'
import { useState } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { useConnection } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'
import styles from './bubble.module.css'
import { noteDecision, useIsDecided } from './decisions.ts'
import { failureWords } from './failure-words.ts'

interface TroubleProps {
  message: MessageRow
  state: 'failed' | 'ambiguous'
  /** Whether this person may decide about it. */
  canDecide: boolean
}

/** What is wrong with a message of ours, and what a person can do. Nothing is repeated without them. */
export function MessageTrouble({ message, state, canDecide }: TroubleProps) {
  const t = useTranslate()
  const isOffline = useConnection()?.state === 'offline'
  const isDecided = useIsDecided(message.id)
  return (
    <div className={classNames(styles.trouble, state === 'ambiguous' && styles.unsure)}>
      <Icon of={state === 'failed' ? TriangleAlert : Info} size={14} />
      <span>
        {state === 'failed' ? failureWords(message.failedReason, t) : t('message.ambiguous')}
      </span>
      {isDecided
        ? isOffline && (
            <span className={styles.decided}>
              <Icon of={Clock} size={14} />
              {t('message.decided')}
            </span>
          )
        : canDecide && <Choices key={message.version} message={message} state={state} />}
    </div>
  )
}

function Choices({ message, state }: Omit<TroubleProps, 'canDecide'>) {
  const t = useTranslate()
  const ask = useAsk()
  const notifyRefusal = useNotifyRefusal()
  const [isAsking, setAsking] = useState(false)
  const which = { conversationId: message.conversationId, messageId: message.id }
  const decide = async (asked: Promise<BridgeResult<{ intentId: string }>>) => {
    // Stays so where it worked: the message changes, or waits with its decision, and these go.
    setAsking(true)
    const result = await asked
    if (result.ok) return noteDecision(message.id, result.value.intentId)
    setAsking(false)
    notifyRefusal(result.error, `conversation:${message.conversationId}`)
  }
  return (
    <span className={styles.choices}>
      <Button
        look="line"
        size="small"
        disabled={isAsking}
        onClick={() => void decide(ask('conversation.retryMessage', which))}
      >
        <Icon of={RotateCcw} size={14} />
        {t(state === 'failed' ? 'action.retry' : 'message.sendAgain')}
      </Button>
      {state === 'ambiguous' && (
        <Button
          look="line"
          size="small"
          disabled={isAsking}
          onClick={() => void decide(ask('conversation.settleMessage', { ...which, as: 'sent' }))}
        >
          <Icon of={Check} size={14} />
          {t('message.settleSent')}
        </Button>
      )}
      <IconButton
        label={t('message.discard')}
        size="small"
        disabled={isAsking}
        onClick={() =>
          void decide(ask('conversation.settleMessage', { ...which, as: 'discarded' }))
        }
      >
        <Icon of={Trash2} size={14} />
      </IconButton>
    </span>
  )
}
