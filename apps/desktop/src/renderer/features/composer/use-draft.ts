import { LONGEST_DRAFT } from '@parley/domain'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

import { useConnected } from '../../bridge/bridge-context.tsx'
import { errorWords } from '../../bridge/error-words.ts'
import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { clearNotice, notify } from '../../ui/notice-state.ts'

const SAVE_AFTER_MS = 400
/** Who writes without a rest is saved this often: the machine may die in mid-sentence. */
const SAVE_AT_LEAST_MS = 2000
/** What could not be saved is tried again by itself: a full disk or an engine that is starting pass. */
const TRY_AGAIN_MS = 3000

export interface Draft {
  text: string
  isSaved: boolean
  setText: (text: string) => void
  /** What stands there now, also for who began to ask earlier. */
  latest: () => string
  /** Saves now what is not saved yet. */
  flush: () => void
}

/**
 * The words of one conversation. The field is the truth while it is on the screen; the engine keeps a
 * copy shortly after whoever writes rests, every two seconds while they do not, and at once when the field is left, the
 * conversation switched or the window closed.
 */
export function useDraft(conversationId: string, stored: string): Draft {
  const t = useTranslate()
  const { client, typed } = useConnected()
  const { ask } = client
  const { people } = useDirectory()
  const [text, setShownText] = useState(() => typed.get(conversationId) ?? stored)
  const [isSaved, setSaved] = useState(true)
  const unsaved = useRef<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  /** When the engine last had what was written, or the first of it was; null: it has all of it. */
  const keptAt = useRef<number | null>(null)
  const hasFailed = useRef(false)
  const isHere = useRef(true)
  const latestFlush = useRef(() => {})

  const flush = useCallback(() => {
    if (timer.current !== null) clearTimeout(timer.current)
    timer.current = null
    const words = unsaved.current
    if (words === null) return
    unsaved.current = null
    keptAt.current = null
    const place = `conversation:${conversationId}` as const
    const save = async () => {
      const result = await ask('conversation.saveDraft', { conversationId, text: words })
      if (result.ok) {
        if (hasFailed.current) clearNotice(place)
        hasFailed.current = false
        return setSaved(unsaved.current === null)
      }
      unsaved.current ??= words
      hasFailed.current = true
      if (isHere.current) timer.current ??= setTimeout(() => latestFlush.current(), TRY_AGAIN_MS)
      notify(place, {
        title: t('draft.notSaved'),
        detail: errorWords(result.error, t, people).detail,
      })
    }
    void save()
  }, [ask, conversationId, t, people])
  useLayoutEffect(() => {
    latestFlush.current = flush
  })

  const setText = useCallback(
    (written: string) => {
      const words = written.slice(0, LONGEST_DRAFT)
      if (words !== written) {
        notify(`conversation:${conversationId}`, {
          title: t('draft.cut'),
          detail: t('draft.cutDetail', { limit: LONGEST_DRAFT }),
        })
      }
      setShownText(words)
      typed.set(conversationId, words)
      setSaved(false)
      unsaved.current = words
      const now = performance.now()
      keptAt.current ??= now
      // Emptied it is being sent: until that is kept, the draft is all there is of it.
      if (words !== '' && now - keptAt.current > SAVE_AT_LEAST_MS) {
        keptAt.current = now
        void ask('conversation.saveDraft', { conversationId, text: words })
      }
      if (timer.current !== null) clearTimeout(timer.current)
      timer.current = setTimeout(() => latestFlush.current(), SAVE_AFTER_MS)
    },
    [ask, typed, conversationId, t],
  )

  useEffect(() => {
    isHere.current = true
    const leave = () => latestFlush.current()
    window.addEventListener('pagehide', leave)
    window.addEventListener('blur', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      window.removeEventListener('blur', leave)
      isHere.current = false
      leave()
    }
  }, [])

  // A draft written elsewhere: taken over only where this window has written nothing.
  if (text !== stored && !typed.has(conversationId)) setShownText(stored)

  const latest = useCallback(() => typed.get(conversationId) ?? text, [typed, conversationId, text])

  return { text, isSaved, setText, latest, flush }
}
