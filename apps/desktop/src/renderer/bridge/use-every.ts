import { useEffect } from 'react'

/** What time alone changes is told by nobody: done so often while it is shown. Null: not now. */
export function useEvery(ms: number, run: (() => void) | null): void {
  useEffect(() => {
    if (run === null) return
    const timer = setInterval(run, ms)
    return () => clearInterval(timer)
  }, [ms, run])
}
