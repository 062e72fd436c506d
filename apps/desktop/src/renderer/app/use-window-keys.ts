import { useEffect } from 'react'

import { commandOf } from './command-table.ts'
import { runCommand } from './commands.ts'
import { meaningOf, spell, windowKeys } from './keys.ts'
import { isMac } from './platform.ts'
import { isTextEditing } from './text-editing.ts'
import { KEY_PAUSE_MS, TypingRun, WRITING_PAUSE_MS } from './typing-run.ts'
import { useViewState } from './view-state.ts'
import { conversationInView, writeTo, writingPlace } from './writing-place.ts'

/** How long the second key of a sequence may take. */
const SEQUENCE_MS = 1200

/** Runs commands by their keys, for the whole window. A dialog has its own keys: while one is open only those act. */
export function useWindowKeys(): void {
  useEffect(() => {
    const stopTelling = tellWordsFromCommands()
    const stopRunning = runCommandsByKeys()
    return () => {
      stopTelling()
      stopRunning()
    }
  }, [])
}

function runCommandsByKeys(): () => void {
  let first: { keys: string; at: number } | null = null

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || isBareModifier(event)) return
    const { byKeys, firstKeys } = windowKeys()
    const keys = spell(event)
    const sequence =
      first && event.timeStamp - first.at < SEQUENCE_MS ? `${first.keys} ${keys}` : null
    first = null
    const match = (sequence !== null ? byKeys.get(sequence) : undefined) ?? byKeys.get(keys)
    const typing = isTyping(event.target)
    if (match) {
      if (typing && (!commandOf(match.id).whileTyping || isTextEditing(event, isMac))) return
      if (isCovered(event.target)) return
      if (runCommand(match.id, match.nth)) event.preventDefault()
      return
    }
    if (!typing && firstKeys.has(keys) && !isCovered(event.target)) {
      first = { keys, at: event.timeStamp }
    }
  }
  window.addEventListener('keydown', onKeyDown)
  return () => window.removeEventListener('keydown', onKeyDown)
}

const run = new TypingRun()
/** Whom the run's words are for: null where no conversation was in view, or they began in another field. */
let writesTo: string | null = null

/**
 * Stands before every place that has keys. A key that may be the first of a word is held until the next one can have
 * come, and then pressed again; letters in a row are words, and go to the conversation that was in view when they began.
 */
function tellWordsFromCommands(): () => void {
  let held: KeyboardEvent[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const replayed = new WeakSet<Event>()

  const takeHeld = () => {
    clearTimeout(timer)
    const taken = held
    held = []
    return taken
  }
  /** The focus has come to the composer in mid-word: what is held was the word's beginning. */
  const writeHeld = () => {
    const words = takeHeld().map(({ key }) => key)
    if (writesTo !== null && writingPlace()?.conversationId === writesTo)
      writeTo(writesTo, words.filter((key) => key !== 'Dead').join(''))
  }
  const pressHeld = () => {
    if (held.length > 0 && writingPlace()?.field === document.activeElement) return writeHeld()
    for (const event of takeHeld()) {
      const target = document.activeElement ?? document.body
      if (isTyping(target)) return
      const again = new KeyboardEvent('keydown', event)
      replayed.add(again)
      target.dispatchEvent(again)
    }
  }
  const stop = (event: Event) => {
    event.preventDefault()
    event.stopImmediatePropagation()
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (replayed.has(event) || isBareModifier(event)) return
    const at = event.timeStamp
    if (isTyping(event.target)) {
      if (held.length > 0 && writingPlace()?.field === event.target) writeHeld()
      return noteTyped(event)
    }
    if (event.isComposing || isCovered(event.target)) return
    if (!isPrintable(event) || (event.key === ' ' && !run.goesOnAt(at))) {
      const hadHeld = held.length > 0
      pressHeld()
      // The end of a word must not open or press what happens to have the focus.
      if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
        if (hadHeld || run.isWritingAt(at)) stop(event)
      }
      // No word goes on after it.
      if (!run.isWritingAt(at) || event.key === 'Escape') run.end()
      return
    }
    if (!run.goesOnAt(at)) {
      pressHeld()
      if (isCovered(event.target) || isTyping(document.activeElement))
        // What was held has led elsewhere: there it is written.
        return event.stopImmediatePropagation()
      writesTo = conversationInView()
    }
    const { meaning, completes } = meaningOf(event, held.at(-1) ?? null)
    const text = event.key === 'Dead' ? '' : event.key
    const verdict = run.stroke({ text, at, meaning, completes, isHeld: event.repeat })
    switch (verdict.kind) {
      case 'act':
        return pressHeld()
      case 'ignore':
        return stop(event)
      case 'wait':
        stop(event)
        held.push(event)
        clearTimeout(timer)
        timer = setTimeout(pressHeld, KEY_PAUSE_MS)
        return
      case 'write':
        takeHeld()
        // A dead key needs the letter after it: in the field they become one.
        if (event.key === 'Dead') event.stopImmediatePropagation()
        else stop(event)
        writeTo(writesTo, verdict.text)
    }
  }
  const onPointerDown = () => run.end()
  window.addEventListener('keydown', onKeyDown, true)
  window.addEventListener('pointerdown', onPointerDown, true)
  return () => {
    takeHeld()
    run.end()
    window.removeEventListener('keydown', onKeyDown, true)
    window.removeEventListener('pointerdown', onPointerDown, true)
  }
}

/** So that what is typed on, if the field goes away meanwhile, is known to be the rest of its words. */
function noteTyped(event: KeyboardEvent): void {
  if (!event.isComposing && !isPrintable(event)) {
    // Enter, Tab and commands have done with the words.
    if (!isTextEditing(event, isMac)) run.end()
    return
  }
  const place = writingPlace()
  writesTo = place !== null && place.field === event.target ? place.conversationId : null
  run.typed(event.timeStamp)
}

/** Does this now, or as soon as whoever writes has come to rest: what they write must not go elsewhere in mid-word. */
export function whenNobodyWrites(act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = () => {
    if (run.isWritingAt(performance.now())) timer = setTimeout(look, WRITING_PAUSE_MS / 4)
    else act()
  }
  look()
  return () => clearTimeout(timer)
}

function isBareModifier(event: KeyboardEvent): boolean {
  return ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock'].includes(event.key)
}

/** Whether it writes something: with AltGr, too, which some systems tell as Ctrl and Alt. */
function isPrintable(event: KeyboardEvent): boolean {
  if (event.key !== 'Dead' && [...event.key].length !== 1) return false
  if (event.getModifierState('AltGraph')) return true
  return !event.ctrlKey && !event.metaKey && (isMac || !event.altKey)
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.matches('input, textarea, select') || target.isContentEditable)
  )
}

/** Whether something lies over the workspace that has keys of its own. */
function isCovered(target: EventTarget | null): boolean {
  // Asked for is enough: what is typed ahead is meant for the dialog and must not act on what lies under it.
  if (useViewState.getState().dialog !== null) return true
  if (document.querySelector('[aria-modal="true"]') !== null) return true
  return target instanceof Element && target.closest('[role="menu"]') !== null
}
