import type { AppError, BridgeInput, Violation, ViolationsOutput } from '@parley/contracts'
import { useEffect, useRef, useState } from 'react'

import { useConnected } from '../../bridge/bridge-context.tsx'
import { useConnection } from '../../bridge/views.ts'

export type ViolationFilter = Omit<BridgeInput<'sla.violations'>, 'page'>

interface Violations {
  value: ViolationsOutput | undefined
  error: AppError | null
  isReading: boolean
  readAgain: () => void
  /** Null: there are no more. */
  readMore: (() => void) | null
}

const UNREACHABLE: AppError = { code: 'server_unreachable', details: {} }

/** Promises that were not kept, page after page. What was read stays when the line is gone. */
export function useViolations(filter: ViolationFilter): Violations {
  const { client } = useConnected()
  const isOnline = useConnection()?.state === 'online'
  const [value, setValue] = useState<ViolationsOutput>()
  const [error, setError] = useState<AppError | null>(null)
  const [isReading, setIsReading] = useState(false)
  const asked = useRef(0)

  const read = async (page: string | null) => {
    const asking = (asked.current += 1)
    setIsReading(true)
    const result = await client.ask('sla.violations', { ...filter, page })
    // What was asked since is what is wanted.
    if (asking !== asked.current) return
    setIsReading(false)
    setError(result.ok ? null : result.error)
    if (!result.ok) return
    setValue((before) =>
      page === null || before === undefined
        ? result.value
        : { ...result.value, violations: joined(before.violations, result.value.violations) },
    )
  }
  const latest = useRef(read)
  useEffect(() => {
    latest.current = read
  })
  // Asked by whoever is shown: another filter is another list, drawn anew.
  useEffect(() => {
    if (isOnline) void latest.current(null)
  }, [isOnline])

  const nextPage = value?.nextPage ?? null
  const isUnreachable = !isOnline && value === undefined
  return {
    value,
    error: isUnreachable ? UNREACHABLE : error,
    isReading,
    readAgain: () => void read(null),
    readMore: nextPage === null || !isOnline ? null : () => void read(nextPage),
  }
}

/** One that moved between two pages is there once. */
function joined(before: readonly Violation[], more: readonly Violation[]): Violation[] {
  const known = new Set(before.map(({ id }) => id))
  return [...before, ...more.filter(({ id }) => !known.has(id))]
}
