import type { OutboxView } from '@parley/contracts'
import { Trash2, X } from 'lucide-react'
import { Dialog } from 'radix-ui'

import { useViewState } from '../../app/view-state.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { useReadAll } from '../../bridge/use-read.ts'
import { useConnection } from '../../bridge/views.ts'
import { clockTime } from '../../i18n/moments.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button, IconButton, LinkButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import text from '../../ui/text.module.css'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'
import styles from './outbox.module.css'
import { OutboxLines } from './outbox-lines.tsx'

const close = () => useViewState.getState().setSheet(null)

/** What waits, under the button that says so. Not modal: the conversation beside it stays in use. */
export function OutboxSheet() {
  return (
    <Dialog.Root open onOpenChange={close} modal={false}>
      <Dialog.Portal>
        <Sheet />
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Sheet() {
  const t = useTranslate()
  const ask = useAsk()
  const connection = useConnection()
  const { value: intents } = useReadAll('outbox.list')
  // What needs a decision first; the rest in the order in which it will leave.
  const ordered = (intents ?? []).toSorted(
    (a, b) => Number(b.state === 'refused') - Number(a.state === 'refused'),
  )
  return (
    <Dialog.Content
      className={styles.sheet}
      aria-describedby={undefined}
      onInteractOutside={keepForItsButton}
      onOpenAutoFocus={(event) => {
        // Onto the sheet itself: its first button closes it, and would greet with its tooltip.
        event.preventDefault()
        if (event.target instanceof HTMLElement) event.target.focus()
      }}
    >
      <div className={styles.head}>
        <Dialog.Title className={text.heading}>{t('outbox.title')}</Dialog.Title>
        <span className={`${text.meta} ${text.cut}`}>{t('outbox.order')}</span>
        <span className={text.grow} />
        <IconButton label={t('dialog.close')} onClick={close}>
          <Icon of={X} />
        </IconButton>
      </div>
      <div className={styles.scroll}>
        {intents?.length === 0 && <p className={styles.empty}>{t('outbox.empty')}</p>}
        <OutboxLines intents={ordered} actions={lineActions} />
      </div>
      {connection && connection.state !== 'online' && (
        <div className={styles.foot}>
          {connection.syncedAt &&
            t('outbox.syncedAt', { at: clockTime(Date.parse(connection.syncedAt)) })}{' '}
          <LinkButton onClick={() => void ask('connection.retryNow', undefined)}>
            {t('outbox.retryNow')}
          </LinkButton>
        </div>
      )}
    </Dialog.Content>
  )
}

/** The button in the title bar closes the sheet itself; closing here first would open it again. */
function keepForItsButton(event: Event): void {
  const original = (event as CustomEvent<{ originalEvent: Event }>).detail.originalEvent
  if (original.target instanceof Element && original.target.closest('[aria-haspopup="dialog"]'))
    event.preventDefault()
}

const lineActions = (intent: OutboxView) => <LineActions intent={intent} />

function LineActions({ intent }: { intent: OutboxView }) {
  const t = useTranslate()
  const ask = useAsk()
  const notifyRefusal = useNotifyRefusal()
  const openConversation = useViewState((state) => state.openConversation)
  const discard = async () => {
    const result = await ask('outbox.discard', { intentId: intent.intentId })
    if (!result.ok) notifyRefusal(result.error)
  }
  if (intent.state === 'refused') {
    return (
      <Button look="line" size="small" onClick={() => openConversation(intent.conversationId)}>
        {t('outbox.decide')}
      </Button>
    )
  }
  // What is on its way may have arrived already: it can no longer be taken back.
  if (intent.state === 'sending') return null
  return (
    <IconButton label={t('outbox.discard')} size="small" onClick={() => void discard()}>
      <Icon of={Trash2} size={14} />
    </IconButton>
  )
}
