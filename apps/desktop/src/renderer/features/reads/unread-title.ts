import { useEffect } from 'react'

import { useReadAll } from '../../bridge/use-read.ts'

/** The window's title, by which the task bar and the window list say what is new. */
export function UnreadTitle() {
  const { value: counts } = useReadAll('inbox.counts')
  const unread = counts?.unread ?? 0
  useEffect(() => {
    document.title = unread === 0 ? 'Parley' : `(${unread}) Parley`
    return () => {
      document.title = 'Parley'
    }
  }, [unread])
  return null
}
