import { type Words } from '../bridge/error-words.ts'
import { classNames } from './class-names.ts'
import text from './text.module.css'

/** Why it was not done, said where it stands as soon as it is there. */
export function Refused({
  words: { title, detail },
  className,
}: {
  words: Words
  className?: string | undefined
}) {
  return (
    <p className={classNames(text.bad, className)} role="alert">
      <strong>{title}</strong> {detail}
    </p>
  )
}
