import type { CannedResponseView, ConversationView } from '@parley/contracts'
import { Check, Clock, SquareSlash } from 'lucide-react'
import { type KeyboardEvent, type Ref, useImperativeHandle, useRef, useState } from 'react'

import { runCommand, useCommand } from '../../app/commands.ts'
import { focusPane } from '../../app/panes.ts'
import { isPressOf } from '../../app/keys.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { useRead } from '../../bridge/use-read.ts'
import { useDirectory, useMe, useWaitsForServer } from '../../bridge/views.ts'
import { clockTime, isSameDay, shortDate } from '../../i18n/moments.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { clearNotice } from '../../ui/notice-state.ts'
import text from '../../ui/text.module.css'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'
import { useNow } from '../../ui/use-now.ts'
import { CannedMenu, cannedOptionId } from './canned-menu.tsx'
import { fillCanned, findCanned, slashAt } from './canned-search.ts'
import styles from './composer.module.css'
import { useDraft } from './use-draft.ts'
import { WindowClock } from './window-clock.tsx'
import { windowState } from './window-state.ts'

/** WhatsApp's limit, in UTF-16 code units; the contract's schemas hold the same. */
const MAXIMUM_TEXT_LENGTH = 4096
const NEAR_LIMIT = 3600

export interface ComposerHandle {
  /** Puts words where the draft is, before what is there already, and goes there. */
  insert: (words: string) => void
}

/** What can be done with the conversation from here. */
interface Actions {
  claim: () => void
  takeOver: () => void
  reopen: () => void
  askCloseReason: () => void
}

interface ComposerProps {
  conversation: ConversationView
  actions: Actions
  ref: Ref<ComposerHandle>
}

/** Where one writes, or what stands in its place where one cannot. */
export function Composer({ conversation, actions, ref }: ComposerProps) {
  const t = useTranslate()
  const { row, abilities, windowEndsAt } = conversation
  const window = windowState(row.channel, windowEndsAt, useNow('minute'))
  if (!abilities.reply) return <InsteadOfComposer conversation={conversation} actions={actions} />
  return (
    <section className={styles.composer} aria-label={t('composer.label')}>
      <Writing conversation={conversation} window={window} actions={actions} ref={ref} />
    </section>
  )
}

function Writing({
  conversation,
  window,
  actions,
  ref,
}: ComposerProps & { window: ReturnType<typeof windowState> }) {
  const t = useTranslate()
  const language = useLanguage()
  const ask = useAsk()
  const now = useNow('minute')
  const { row, customer } = conversation
  const conversationId = row.id
  const notifyRefusal = useNotifyRefusal()
  const field = useRef<HTMLTextAreaElement>(null)
  const draft = useDraft(conversationId, conversation.draft)
  const canned = useCannedMenu(row.teamId, draft.text)

  const waitsForServer = useWaitsForServer()
  const firstName = customer.name?.split(/\s+/)[0] ?? row.title
  const isClosedWindow = window.state === 'closed' || window.state === 'none'
  const tooLong = draft.text.length > MAXIMUM_TEXT_LENGTH
  const canSend = draft.text.trim() !== '' && !tooLong && !isClosedWindow

  const send = async (): Promise<boolean> => {
    if (!canSend) return false
    const words = draft.text
    // Emptied first, so that a second Enter cannot send it twice; put back if it was not taken.
    draft.setText('')
    const result = await ask('conversation.reply', { conversationId, text: words })
    if (result.ok) {
      clearNotice(`conversation:${conversationId}`)
      return true
    }
    draft.setText(words)
    draft.flush()
    notifyRefusal(result.error, `conversation:${conversationId}`)
    return false
  }
  const insert = (words: string) => {
    draft.setText(draft.text.trim() === '' ? words : `${words}\n${draft.text}`)
    draft.flush()
    focusEnd(field.current)
  }
  useImperativeHandle(ref, () => ({ insert }))
  useCommand('composer.focus', () => field.current?.focus())
  useCommand('composer.canned', () => {
    const before = draft.text === '' || /\s$/.test(draft.text) ? draft.text : `${draft.text} `
    draft.setText(`${before}/`)
    canned.lookAt(before.length + 1)
    focusEnd(field.current)
  })

  const chooseCanned = (response: CannedResponseView) => {
    const slash = canned.slash
    if (!slash) return
    const filled = fillCanned(response.content, customer.name)
    draft.setText(draft.text.slice(0, slash.from) + filled + draft.text.slice(slash.to))
    canned.close()
    const caret = slash.from + filled.length
    requestAnimationFrame(() => field.current?.setSelectionRange(caret, caret))
  }

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return
    if (canned.isOpen && canned.onKey(event, chooseCanned)) return event.preventDefault()
    if (isPressOf('composer.send', event)) {
      event.preventDefault()
      void send()
    } else if (isPressOf('composer.sendAndClose', event)) {
      event.preventDefault()
      void send().then((sent) => sent && actions.askCloseReason())
    } else if (isPressOf('composer.leave', event)) {
      event.preventDefault()
      focusPane('list')
    }
  }

  return (
    <>
      {canned.isOpen && (
        <CannedMenu
          responses={canned.found}
          total={canned.total}
          word={canned.slash?.word ?? ''}
          chosen={canned.chosen}
          onChoose={chooseCanned}
          onPoint={canned.point}
        />
      )}
      {isClosedWindow ? (
        <div className={styles.closedBar} role="status">
          <Icon of={Clock} />
          <p>
            <strong>
              {window.state === 'none'
                ? t('window.none')
                : isSameDay(window.endedAt, now)
                  ? t('window.closedToday', { at: clockTime(window.endedAt) })
                  : t('window.closedOn', {
                      date: shortDate(window.endedAt, now, language),
                      at: clockTime(window.endedAt),
                    })}
            </strong>{' '}
            {t('window.closedWords', { name: firstName })}
          </p>
        </div>
      ) : (
        <div className={styles.top}>
          <span className={classNames(text.cut, styles.to)}>
            {t('composer.to', { name: row.title })}
          </span>
          <WindowClock window={window} />
        </div>
      )}
      <textarea
        ref={field}
        className={styles.field}
        rows={1}
        value={draft.text}
        aria-label={t('composer.field', { name: row.title })}
        placeholder={
          isClosedWindow
            ? t('composer.placeholderClosed')
            : t('composer.placeholder', { name: firstName })
        }
        aria-invalid={tooLong}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        {...(canned.isOpen ? { 'aria-controls': 'canned-responses' } : {})}
        {...(canned.isOpen && canned.found[canned.chosen]
          ? { 'aria-activedescendant': cannedOptionId(canned.found[canned.chosen]?.id ?? '') }
          : {})}
        onChange={(event) => {
          draft.setText(event.target.value)
          canned.lookAt(event.target.selectionStart)
        }}
        onSelect={(event) => canned.lookAt(event.currentTarget.selectionStart)}
        onBlur={() => {
          canned.close()
          draft.flush()
        }}
        onKeyDown={onKeyDown}
      />
      <div className={styles.foot}>
        <CannedButton />
        <span className={text.grow} />
        {draft.text.length > NEAR_LIMIT && (
          <span className={tooLong ? styles.tooLong : styles.saved}>
            {t('composer.length', { length: draft.text.length, limit: MAXIMUM_TEXT_LENGTH })}
          </span>
        )}
        <span className={styles.saved} role="status">
          {draft.isSaved && draft.text !== '' && (
            <>
              <Icon of={Check} size={14} />
              <span className={styles.savedWords}>
                {t(waitsForServer ? 'draft.savedHere' : 'draft.saved')}
              </span>
            </>
          )}
        </span>
        {!isClosedWindow && (
          <Button
            look="primary"
            keysOf="composer.send"
            disabled={!canSend}
            onClick={() => void send()}
          >
            {t(waitsForServer ? 'composer.sendLater' : 'composer.send')}
          </Button>
        )}
      </div>
    </>
  )
}

function CannedButton() {
  const t = useTranslate()
  return (
    <IconButton
      label={t('canned.insert')}
      keysOf="composer.canned"
      // The field keeps its caret.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => runCommand('composer.canned')}
    >
      <Icon of={SquareSlash} />
    </IconButton>
  )
}

function InsteadOfComposer({
  conversation: { row, abilities },
  actions,
}: Omit<ComposerProps, 'ref'>) {
  const t = useTranslate()
  const me = useMe()
  const { people } = useDirectory()
  const owner = row.assignedTo === null ? undefined : people.get(row.assignedTo)
  return (
    <section className={styles.instead} aria-label={t('composer.label')}>
      <p className={text.grow}>
        {row.status === 'closed'
          ? t('instead.closed')
          : owner && owner.id !== me.id
            ? t('instead.colleague', { name: owner.fullName })
            : abilities.claim
              ? t('instead.nobody')
              : t('instead.notYours')}
      </p>
      {abilities.takeOver && (
        <Button look="line" keysOf="conversation.takeOver" onClick={actions.takeOver}>
          {t('action.takeOver')}
        </Button>
      )}
      {abilities.claim && (
        <Button look="primary" keysOf="conversation.claim" onClick={actions.claim}>
          {t('action.claim')}
        </Button>
      )}
      {abilities.reopen && (
        <Button look="primary" keysOf="conversation.reopen" onClick={actions.reopen}>
          {t('action.reopen')}
        </Button>
      )}
    </section>
  )
}

function useCannedMenu(teamId: string | null, value: string) {
  const { value: responses } = useRead('cannedResponses.list', { teamId })
  const [caret, setCaret] = useState<number | null>(null)
  const [chosen, setChosen] = useState(0)
  const slash = caret === null ? null : slashAt(value, caret)
  const found = slash ? findCanned(responses ?? [], slash.word) : []
  const isOpen = slash !== null
  const close = () => setCaret(null)
  return {
    slash,
    found,
    isOpen,
    total: responses?.length ?? 0,
    chosen: Math.min(chosen, Math.max(0, found.length - 1)),
    close,
    point: setChosen,
    lookAt: (at: number) => {
      setCaret((before) => {
        if (before !== at) setChosen(0)
        return at
      })
    },
    /** True where the key was the menu's. */
    onKey: (event: KeyboardEvent, choose: (response: CannedResponseView) => void): boolean => {
      const present = found[Math.min(chosen, found.length - 1)]
      if (event.key === 'Escape') close()
      else if (event.key === 'ArrowDown')
        setChosen((index) => (index + 1) % Math.max(1, found.length))
      else if (event.key === 'ArrowUp')
        setChosen((index) => (index - 1 + found.length) % Math.max(1, found.length))
      else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && present)
        choose(present)
      else return false
      return true
    },
  }
}

function focusEnd(field: HTMLTextAreaElement | null): void {
  requestAnimationFrame(() => {
    field?.focus()
    field?.setSelectionRange(field.value.length, field.value.length)
  })
}
