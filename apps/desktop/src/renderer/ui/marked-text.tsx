import { Fragment } from 'react'

import { markMatch } from './fold-text.ts'
import styles from './marked-text.module.css'

/** A text with what was looked for in bold. */
export function MarkedText({
  text,
  wanted,
  className = styles.match,
}: {
  text: string
  wanted: string
  className?: string | undefined
}) {
  return <MarkedPieces pieces={markMatch(text, wanted)} className={className} />
}

export function MarkedPieces({
  pieces,
  className = styles.match,
}: {
  pieces: readonly { text: string; match: boolean }[]
  className?: string | undefined
}) {
  // One element, so that no layout around it comes between the pieces of a word; it runs its own way.
  return (
    <bdi>
      {pieces.map((piece, index) =>
        piece.match ? (
          <b key={index} className={className}>
            {piece.text}
          </b>
        ) : (
          <Fragment key={index}>{piece.text}</Fragment>
        ),
      )}
    </bdi>
  )
}
