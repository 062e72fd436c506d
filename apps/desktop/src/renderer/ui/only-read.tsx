import { type ReactNode } from 'react'

import text from './text.module.css'

/** Words for screen readers where a shape or a place says it to the eye. */
export function OnlyRead({ children }: { children: ReactNode }) {
  return <span className={text.onlyRead}>{children}</span>
}
