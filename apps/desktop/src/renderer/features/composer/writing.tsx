import type { CannedResponseView } from '@parley/contracts'
import { replyLength } from '@parley/domain'
import { Check, Clock, SquareSlash } from 'lucide-react'
import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
} from 'react'

import { runCommand, useCommand } from '../../app/commands.ts'
import { focusPane } from '../../app/panes.ts'
import { isPressOf } from '../../app/keys.ts'
import { whenNobodyWrites } from '../../app/use-window-keys.ts'
import { useWritingPlace } from '../../app/writing-place.ts'
import { useAsk } from '../../bridge/bridge-context.tsx'
import { useWaitsForServer } from '../../bridge/views.ts'
import { when } from '../../i18n/phrases.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { clearNotice, notify } from '../../ui/notice-state.ts'
import text from '../../ui/text.module.css'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'
import { useNow } from '../../ui/use-now.ts'
import { CannedMenu, cannedOptionId } from './canned-menu.tsx'
import { fillCanned, unresolvedSlash } from './canned-search.ts'
import type { ComposerProps } from './composer-parts.ts'
import styles from './composer.module.css'
import { type Gap, findGaps, gapFrom } from './gaps.ts'
import { useCannedMenu } from './use-canned-menu.ts'
import { useDraft } from './use-draft.ts'
import { WindowClock } from './window-clock.tsx'
import type { windowState } from './window-state.ts'
import { insertAtCaret, insertBefore, insertWords } from './writing-field.ts'

/** The field with what surrounds it. */
export function Writing({
  conversation,
  window,
  actions,
  onLeft,
  ref,
}: ComposerProps & {
  window: ReturnType<typeof windowState>
  /** Nobody can write here any more, and no words are left. */
  onLeft: () => void
}) {
  const t = useTranslate()
  const ask = useAsk()
  const now = useNow('minute')
  const { row, customer, abilities } = conversation
  const conversationId = row.id
  const notifyRefusal = useNotifyRefusal()
  const field = useRef<HTMLTextAreaElement>(null)
  const wasIn = useRef(false)
  const draft = useDraft(conversationId, conversation.draft)
  const canned = useCannedMenu(row.teamId, draft.text)

  const waitsForServer = useWaitsForServer()
  const firstName = customer.name?.split(/\s+/)[0] ?? row.title
  const isClosedWindow = window.state === 'closed' || window.state === 'none'
  const mayWrite = abilities.reply && !isClosedWindow
  const size = replyLength(draft.text)
  const tooLong = size.over > 0
  const canSend = draft.text.trim() !== '' && !tooLong && mayWrite
  const place = `conversation:${conversationId}` as const

  const selectGap = (gap: Gap | undefined) => {
    if (!gap) return
    field.current?.focus()
    field.current?.setSelectionRange(gap.from, gap.to)
  }
  /** Why these words are not sent as they are; null where they are. */
  const objection = (words: string): (() => void) | null => {
    const slash = unresolvedSlash(words, canned.slash)
    if (slash !== null)
      return () =>
        notify(
          place,
          { title: t('slash.unsent', { slash }), detail: t('slash.unsentDetail') },
          { label: t('slash.sendAnyway'), run: () => void latest.current(true) },
        )
    const [gap] = findGaps(words, canned.gapNames)
    if (gap === undefined) return null
    return () => {
      notify(place, { title: t('gap.open', { gap: gap.words }), detail: t('gap.openDetail') })
      selectGap(gap)
    }
  }
  /** Before what was written meanwhile, and under the hands of who still writes. */
  const putBack = (words: string) => {
    const element = field.current
    if (element !== null && element === document.activeElement) insertBefore(element, words)
    else {
      const meanwhile = draft.latest()
      draft.setText(meanwhile.trim() === '' ? words : `${words}\n${meanwhile}`)
    }
    draft.flush()
  }
  const send = async (asItIs = false): Promise<boolean> => {
    if (!canSend) return false
    const words = draft.latest()
    const object = asItIs ? null : objection(words)
    if (object !== null) {
      object()
      return false
    }
    // Emptied first, so that a second Enter cannot send it twice; put back if it was not taken.
    draft.setText('')
    const result = await ask('conversation.reply', { conversationId, text: words })
    if (result.ok) {
      clearNotice(place)
      return true
    }
    putBack(words)
    notifyRefusal(result.error, place)
    return false
  }
  const latest = useRef(send)
  useLayoutEffect(() => {
    latest.current = send
  })
  const enter = useCallback(() => {
    const element = field.current
    if (element === null) return
    // The first time one comes, one goes on where the draft ends; later, where one was.
    if (!wasIn.current) element.setSelectionRange(element.value.length, element.value.length)
    element.focus()
  }, [])
  const write = useCallback(
    (words: string) => {
      enter()
      if (field.current !== null && words !== '') insertAtCaret(field.current, words)
    },
    [enter],
  )
  useWritingPlace(conversationId, field, write)
  const insert = (words: string) => {
    if (field.current === null) return
    insertBefore(field.current, words)
    draft.flush()
    focusEnd(field.current)
  }
  useImperativeHandle(ref, () => ({ insert }))
  useCommand('composer.focus', enter)
  useCommand('composer.canned', () => {
    enter()
    const element = field.current
    if (element === null) return
    const before = element.value.slice(0, element.selectionStart)
    insertAtCaret(element, before === '' || /\s$/.test(before) ? '/' : ' /')
    canned.lookAt(element.selectionStart)
  })
  const leaveIfEmpty = useEffectEvent(() => {
    if (draft.latest().trim() === '') onLeft()
  })
  const isIdle = !abilities.reply && draft.text.trim() === ''
  useEffect(() => (isIdle ? whenNobodyWrites(leaveIfEmpty) : undefined), [isIdle])

  const chooseCanned = (response: CannedResponseView) => {
    const { slash } = canned
    if (!slash || field.current === null) return
    const filled = fillCanned(response.content, customer.name)
    insertWords(field.current, filled, slash.from, slash.to)
    canned.close()
    const end = slash.from + filled.length
    selectGap(
      findGaps(field.current.value, canned.gapNames).find(
        ({ from, to }) => from >= slash.from && to <= end,
      ),
    )
  }
  /** Where a gap is open, Tab goes from one to the next; else it is nobody's. */
  const goToGap = (element: HTMLTextAreaElement, step: 1 | -1): boolean => {
    const gaps = findGaps(element.value, canned.gapNames)
    const caret = step === 1 ? element.selectionEnd : element.selectionStart
    selectGap(gapFrom(gaps, caret, step))
    return gaps.length > 0
  }
  const discard = () => {
    draft.setText('')
    draft.flush()
    onLeft()
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
    } else if (event.key === 'Tab' && !event.ctrlKey && !event.altKey && !event.metaKey) {
      if (goToGap(event.currentTarget, event.shiftKey ? -1 : 1)) event.preventDefault()
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
      {!abilities.reply ? null : isClosedWindow ? (
        <div className={styles.closedBar} role="status">
          <Icon of={Clock} />
          <p>
            <strong>
              {window.state === 'none'
                ? t('window.none')
                : t('window.closedAt', { at: when(window.endedAt, t, now) })}
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
        spellCheck
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
        onFocus={() => {
          wasIn.current = true
        }}
        onBlur={() => {
          canned.close()
          draft.flush()
        }}
        onKeyDown={onKeyDown}
      />
      <div className={styles.foot}>
        {abilities.reply && <CannedButton />}
        <span className={text.grow} />
        <span className={tooLong ? styles.tooLong : styles.saved} role="status">
          {tooLong
            ? t('composer.tooLong', { over: size.over, limit: size.limit })
            : size.isNear && t('composer.length', { length: size.length, limit: size.limit })}
        </span>
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
        {!abilities.reply && (
          <>
            <Button look="line" onClick={() => void navigator.clipboard.writeText(draft.text)}>
              {t('kept.copy')}
            </Button>
            <Button look="danger" onClick={discard}>
              {t('kept.discard')}
            </Button>
          </>
        )}
        {mayWrite && (
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

function focusEnd(field: HTMLTextAreaElement | null): void {
  requestAnimationFrame(() => {
    field?.focus()
    field?.setSelectionRange(field.value.length, field.value.length)
  })
}
