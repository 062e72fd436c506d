import type { AppError } from '@parley/contracts'
import { type ReactNode } from 'react'

import { useIsSlow } from '../bridge/use-read.ts'
import { FailedBlank } from './blank.tsx'
import { ListSkeleton } from './list-skeleton.tsx'

interface WhenReadProps<Value> {
  read: {
    value: Value | undefined
    error: AppError | null
    readAgain: () => void | Promise<void>
  }
  /** What it is that could not be had. */
  failed: string
  children: (value: Value) => ReactNode
}

/** What was read, as soon as it was; until then bones where that takes long, and a way on where it failed. */
export function WhenRead<Value>({ read, failed, children }: WhenReadProps<Value>) {
  const { value, error, readAgain } = read
  const slow = useIsSlow(value === undefined && error === null)
  if (value !== undefined) return children(value)
  if (error === null) return slow && <ListSkeleton />
  return <FailedBlank title={failed} error={error} onRetry={() => void readAgain()} />
}
