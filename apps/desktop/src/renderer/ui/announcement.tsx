import { useState } from 'react'

import { OnlyRead } from './only-read.tsx'

/** Tells a screen reader of something new, once: what changes about it is not told again. */
export function Announcement({ of }: { of: { id: string; words: string } | null }) {
  const [told, setTold] = useState(of)
  if (of !== null && of.id !== told?.id) setTold(of)
  return (
    <OnlyRead>
      <span aria-live="assertive">{of === null ? '' : told?.words}</span>
    </OnlyRead>
  )
}
