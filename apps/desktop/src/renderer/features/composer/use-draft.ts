import { LONGEST_DRAFT } from '@parley/domain'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

import { useConnected } from '../../bridge/bridge-context.tsx'
import { errorWords } from '../../bridge/error-words.ts'
import { useDirectory } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { notify } from '../../ui/notice-state.ts'

const SAVE_AFTER_MS = 400

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
 * copy shortly after every change, and at once when the field is left, the conversation switched or the
 * window closed.
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

  const flush = useCallback(() => {
    if (timer.current !== null) clearTimeout(timer.current)
    timer.current = null
    const words = unsaved.current
    if (words === null) return
    unsaved.current = null
    const save = async () => {
      const result = await ask('conversation.saveDraft', { conversationId, text: words })
      if (result.ok) return setSaved(unsaved.current === null)
      // Kept here; the next change or leaving the field tries again.
      unsaved.current ??= words
      notify(`conversation:${conversationId}`, {
        title: t('draft.notSaved'),
        detail: errorWords(result.error, t, people).detail,
      })
    }
    void save()
  }, [ask, conversationId, t, people])
  const latestFlush = useRef(flush)
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
      if (timer.current !== null) clearTimeout(timer.current)
      timer.current = setTimeout(() => latestFlush.current(), SAVE_AFTER_MS)
    },
    [typed, conversationId, t],
  )

  useEffect(() => {
    const leave = () => latestFlush.current()
    window.addEventListener('pagehide', leave)
    window.addEventListener('blur', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      window.removeEventListener('blur', leave)
      leave()
    }
  }, [])

  // A draft written elsewhere: taken over only where this window has written nothing.
  if (text !== stored && !typed.has(conversationId)) setShownText(stored)

  const latest = useCallback(() => typed.get(conversationId) ?? text, [typed, conversationId, text])

  return { text, isSaved, setText, latest, flush }
}
