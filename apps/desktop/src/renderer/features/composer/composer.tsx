import type { CannedResponseView, ConversationView } from '@parley/contracts'
import { Check, Clock, SquareSlash } from 'lucide-react'
import {
  type KeyboardEvent,
  type Ref,
  useCallback,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'

import { runCommand, useCommand } from '../../app/commands.ts'
import { focusPane } from '../../app/panes.ts'
import { isPressOf } from '../../app/keys.ts'
import { whenNobodyWrites } from '../../app/use-window-keys.ts'
import { useWritingPlace } from '../../app/writing-place.ts'
import { useAsk, useConnected } from '../../bridge/bridge-context.tsx'
import { useRead } from '../../bridge/use-read.ts'
import { useDirectory, useMe, useWaitsForServer } from '../../bridge/views.ts'
import { clockTime, isSameDay, shortDate } from '../../i18n/moments.ts'
import { useLanguage, useTranslate } from '../../i18n/use-translate.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { clearNotice, notify } from '../../ui/notice-state.ts'
import text from '../../ui/text.module.css'
import { useNotifyRefusal } from '../../ui/use-notify-refusal.ts'
import { useNow } from '../../ui/use-now.ts'
import { CannedMenu, cannedOptionId } from './canned-menu.tsx'
import { fillCanned, findCanned, slashAt, unresolvedSlash } from './canned-search.ts'
import styles from './composer.module.css'
import { type Gap, findGaps, gapFrom, gapNames } from './gaps.ts'
import { useDraft } from './use-draft.ts'
import { WindowClock } from './window-clock.tsx'
import { windowState } from './window-state.ts'
import { insertAtCaret, insertBefore, insertWords } from './writing-field.ts'

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
  /** Out of this person's reach, all but the words they have written for it. */
  isGone: boolean
  actions: Actions
  ref: Ref<ComposerHandle>
}

/** Where one writes, or what stands in its place where one cannot. */
export function Composer(props: ComposerProps) {
  const t = useTranslate()
  const { row, abilities, windowEndsAt, draft } = props.conversation
  const window = windowState(row.channel, windowEndsAt, useNow('minute'))
  const { typed } = useConnected()
  // Whatever becomes of the conversation, who writes keeps the field under their hands, and their words in sight.
  const [wasLeft, setLeft] = useState(
    () => !abilities.reply && (typed.get(row.id) ?? draft).trim() === '',
  )
  if (abilities.reply && wasLeft) setLeft(false)
  if (!abilities.reply && wasLeft) return props.isGone ? null : <InsteadOfComposer {...props} />
  return (
    <section className={styles.composer} aria-label={t('composer.label')}>
      {!abilities.reply && <InsteadOfComposer {...props} />}
      <Writing {...props} window={window} onLeft={() => setLeft(true)} />
    </section>
  )
}

function Writing({
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
  const language = useLanguage()
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
  const tooLong = draft.text.length > MAXIMUM_TEXT_LENGTH
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

function InsteadOfComposer({ conversation, actions, isGone }: ComposerProps) {
  const t = useTranslate()
  const { abilities } = conversation
  const words = useInsteadWords(conversation)
  return (
    <section className={styles.instead} aria-label={t('composer.label')} role="status">
      <p className={text.grow}>{isGone ? t('instead.gone') : words}</p>
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

/** Who did what, where it is known, and what can be done now. */
function useInsteadWords({ row, abilities, closedBy }: ConversationView): string {
  const t = useTranslate()
  const me = useMe()
  const { people } = useDirectory()
  const owner = row.assignedTo === null ? undefined : people.get(row.assignedTo)
  if (row.status === 'closed') {
    const closer = closedBy === null || closedBy === me.id ? undefined : people.get(closedBy)
    if (!closer || row.closedAt === null) return t('instead.closed')
    return t('instead.closedBy', {
      name: closer.fullName,
      at: clockTime(Date.parse(row.closedAt)),
    })
  }
  if (owner && owner.id !== me.id) return t('instead.colleague', { name: owner.fullName })
  return t(abilities.claim ? 'instead.nobody' : 'instead.notYours')
}

function useCannedMenu(teamId: string | null, value: string) {
  const { value: responses } = useRead('cannedResponses.list', { teamId })
  const [caret, setCaret] = useState<number | null>(null)
  const [chosen, setChosen] = useState(0)
  const slash = caret === null ? null : slashAt(value, caret)
  const found = slash ? findCanned(responses ?? [], slash.word) : []
  const isOpen = slash !== null
  const names = useMemo(() => gapNames(responses ?? []), [responses])
  const close = () => setCaret(null)
  return {
    slash,
    found,
    isOpen,
    gapNames: names,
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
