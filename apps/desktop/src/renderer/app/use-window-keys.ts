import { useEffect } from 'react'

import { runCommand } from './commands.ts'
import { spell, windowKeys } from './keys.ts'
import { commandOf } from './command-table.ts'
import { useViewState } from './view-state.ts'

/** How long the second key of a sequence may take. */
const SEQUENCE_MS = 1200

/** Runs commands by their keys, for the whole window. A dialog has its own keys: while one is open only those act. */
export function useWindowKeys(): void {
  useEffect(() => {
    const { byKeys, firstKeys } = windowKeys()
    let first: { keys: string; at: number } | null = null

    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isBareModifier(event)) return
      const keys = spell(event)
      const sequence =
        first && event.timeStamp - first.at < SEQUENCE_MS ? `${first.keys} ${keys}` : null
      first = null
      const match = (sequence !== null ? byKeys.get(sequence) : undefined) ?? byKeys.get(keys)
      const typing = isTyping(event.target)
      if (match) {
        if (typing && !commandOf(match.id).whileTyping) return
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
  }, [])
}

function isBareModifier(event: KeyboardEvent): boolean {
  return ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph'].includes(event.key)
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.matches('input, textarea') || target.isContentEditable)
  )
}

/** Whether something lies over the workspace that has keys of its own. */
function isCovered(target: EventTarget | null): boolean {
  // Asked for is enough: what is typed ahead is meant for the dialog and must not act on what lies under it.
  if (useViewState.getState().dialog !== null) return true
  if (document.querySelector('[aria-modal="true"]') !== null) return true
  return target instanceof Element && target.closest('[role="menu"]') !== null
}
