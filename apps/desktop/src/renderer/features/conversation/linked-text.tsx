import { Fragment } from 'react'

import { useAsk } from '../../bridge/bridge-context.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { splitLinks } from './split-links.ts'

/** Text as it was typed, with addresses that open in the system's browser. */
export function LinkedText({ text }: { text: string }) {
  const ask = useAsk()
  return splitLinks(text).map((part, index) =>
    part.url === null ? (
      <Fragment key={index}>{part.text}</Fragment>
    ) : (
      <LinkButton
        key={index}
        role="link"
        onClick={() => void ask('shell.openExternal', { url: part.url ?? '' })}
      >
        {part.text}
      </LinkButton>
    ),
  )
}
