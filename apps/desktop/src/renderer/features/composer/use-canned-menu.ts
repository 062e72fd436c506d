import type { CannedResponseView } from '@parley/contracts'
import { type KeyboardEvent, useMemo, useState } from 'react'

import { useRead } from '../../bridge/use-read.ts'
import { findCanned, slashAt } from './canned-search.ts'
import { gapNames } from './gaps.ts'

/** The saved answers that fit what is written after a slash. */
export function useCannedMenu(teamId: string | null, value: string) {
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
