import { X } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'

import { isPressOf } from '../../app/keys.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import styles from './phrase-input.module.css'
import { addPhrases } from './rules-draft.ts'

interface PhraseInputProps {
  label: string
  placeholder?: string
  words: readonly string[]
  maximum: number
  isWrong?: boolean
  isWordWrong?: (index: number) => boolean
  disabled?: boolean
  onChange: (words: string[]) => void
}

/** Words and phrases: Enter or a comma takes what was typed, the backspace of an empty line takes back the last. */
export function PhraseInput({
  label,
  placeholder,
  words,
  maximum,
  isWrong = false,
  isWordWrong,
  disabled = false,
  onChange,
}: PhraseInputProps) {
  const t = useTranslate()
  const [typed, setTyped] = useState('')
  const take = (text: string) => {
    setTyped('')
    const next = addPhrases(words, text).slice(0, maximum)
    if (next.length !== words.length) onChange(next)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // What is being composed takes Enter and Backspace for itself.
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') {
      event.preventDefault()
      take(typed)
    } else if (isPressOf('form.save', event)) {
      // Saved with what stands there; the key goes on to the window, which saves.
      take(typed)
    } else if (event.key === 'Backspace' && typed === '' && words.length > 0) {
      onChange(words.slice(0, -1))
    }
  }
  return (
    <div
      className={classNames(styles.box, isWrong && styles.wrong, disabled && styles.locked)}
      role="group"
      aria-label={label}
    >
      {words.map((word, index) => (
        <span
          key={word}
          className={classNames(styles.chip, isWordWrong?.(index) && styles.wrongChip)}
        >
          {word}
          {!disabled && (
            <button
              type="button"
              className={styles.remove}
              aria-label={t('triage.removeWord', { word })}
              onClick={() => onChange(words.filter((other) => other !== word))}
            >
              <Icon of={X} size={12} />
            </button>
          )}
        </span>
      ))}
      {!disabled && words.length < maximum && (
        <input
          className={styles.input}
          value={typed}
          maxLength={100}
          aria-label={label}
          aria-invalid={isWrong}
          placeholder={placeholder ?? t('triage.typeWords')}
          onChange={(event) => {
            const text = event.target.value
            if (/[,;\n]/.test(text)) take(text)
            else setTyped(text)
          }}
          onPaste={(event) => {
            const text = event.clipboardData.getData('text')
            if (!/[,;\n]/.test(text)) return
            event.preventDefault()
            take(
              text
                .split(/[,;\n]/)
                .map((part) => part.slice(0, 100))
                .join('\n'),
            )
          }}
          onKeyDown={onKeyDown}
          // What stands there when one goes on is meant, too.
          onBlur={() => take(typed)}
        />
      )}
    </div>
  )
}
