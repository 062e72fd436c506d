import type { OutboxView } from '@parley/contracts'
import { CircleAlert } from 'lucide-react'
import { type KeyboardEvent } from 'react'

import { runCommand } from '../../app/commands.ts'
import { isPressOf } from '../../app/keys.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'
import { refusalWords } from '../outbox/index.ts'
import styles from './refused-block.module.css'

/** Trying again cannot help where the conversation is somebody else's now, or the channel's window is over. */
const HOPELESS = new Set([
  'conflict',
  'forbidden',
  'not_found',
  'window_closed',
  'not_assignable',
  'refused_transition',
  'invalid_input',
])

interface RefusedBlockProps {
  intent: OutboxView
  /** Puts the words into the composer; null where nothing can be written now. */
  onEdit: ((text: string) => void) | null
}

/** An intent the server refused: stays in the thread, with its words, until somebody chooses. */
export function RefusedBlock({ intent, onEdit }: RefusedBlockProps) {
  const t = useTranslate()
  const ask = useAsk()
  const { people } = useDirectory()
  const notifyRefusal = useNotifyRefusal()
  const { title, detail } = refusalWords(intent, t, people)
  const code = intent.refusal?.code ?? 'internal'
  const isReply = intent.kind === 'reply' && intent.text !== null
  const canResend = !HOPELESS.has(code)

  const resolve = async (method: 'outbox.retry' | 'outbox.discard') => {
    const result = await ask(method, { intentId: intent.intentId })
    if (!result.ok) notifyRefusal(result.error, `conversation:${intent.conversationId}`)
    return result.ok
  }
  const edit =
    isReply && onEdit
      ? async () => {
          const text = intent.text ?? ''
          // The words are in the composer, and with it in the draft, before they leave here.
          onEdit(text)
          await resolve('outbox.discard')
        }
      : null
  const resend = canResend ? () => void resolve('outbox.retry') : null
  const discard = () => void resolve('outbox.discard')

  const onKeyDown = (event: KeyboardEvent) => {
    const act = isPressOf('refused.edit', event)
      ? edit && (() => void edit())
      : isPressOf('refused.resend', event)
        ? resend
        : isPressOf('refused.discard', event)
          ? discard
          : null
    if (!act) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }
  return (
    <div
      className={styles.refused}
      role="group"
      aria-label={t('refused.label')}
      data-intent-id={intent.intentId}
      onKeyDown={onKeyDown}
    >
      <div className={styles.head}>
        <Icon of={CircleAlert} className={styles.icon} />
        <p>
          <strong>{title}</strong> {detail} {t('refused.choose')}
        </p>
      </div>
      {intent.text !== null && <blockquote className={styles.words}>{intent.text}</blockquote>}
      <div className={styles.actions}>
        {edit && (
          <Button look="primary" keysOf="refused.edit" onClick={() => void edit()}>
            {t('refused.edit')}
          </Button>
        )}
        {resend && (
          <Button
            look={edit || intent.kind === 'claim' ? 'line' : 'primary'}
            keysOf="refused.resend"
            onClick={resend}
          >
            {t(code === 'reply_outdated' ? 'refused.sendAnyway' : 'refused.sendAgain')}
          </Button>
        )}
        {intent.kind === 'claim' && (
          <Button
            look="primary"
            keysOf="queue.claimNext"
            onClick={() => runCommand('queue.claimNext')}
          >
            {t('queue.claimNext')}
          </Button>
        )}
        <Button look={isReply ? 'danger' : 'line'} keysOf="refused.discard" onClick={discard}>
          {t(isReply ? 'refused.discard' : 'refused.understood')}
        </Button>
      </div>
    </div>
  )
}
