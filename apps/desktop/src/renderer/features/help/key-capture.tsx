import { type KeyboardEvent, useEffect, useRef, useState } from 'react'

import { commandOf, commandTable } from '../../app/command-table.ts'
import { type NamedCommand } from '../../contributions/contribution.ts'
import { labelsOf, spell } from '../../app/keys.ts'
import { canHaveOthers, isSingle, problemWith, type KeyProblem } from '../../app/own-keys.ts'
import { isMac } from '../../app/platform.ts'
import { type CommandId } from '../../contributions/contributed.ts'
import { usePreferences } from '../../bridge/views.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../../ui/button.tsx'
import { OWN_ESCAPE } from '../../ui/dialog.tsx'
import { KeyCaps } from '../../ui/keys.tsx'
import styles from './help-sheet.module.css'

/** How long the second key of a sequence may take. */
const SEQUENCE_MS = 900

interface KeyCaptureProps {
  command: NamedCommand
  /** @param takenFrom whose key it was until now */
  onChosen: (keys: string, takenFrom?: CommandId) => void
  onCancel: () => void
  /** Null where it has none now. */
  onRemove: (() => void) | null
}

/** Waits for the keys that somebody wants a command to have, and says why not where it cannot have them. */
export function KeyCapture({ command, onChosen, onCancel, onRemove }: KeyCaptureProps) {
  const t = useTranslate()
  const place = useRef<HTMLDivElement>(null)
  const [pressed, setPressed] = useState('')
  const [problem, setProblem] = useState<KeyProblem | { kind: 'switched_off' } | null>(null)
  const { singleKeys } = usePreferences()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    place.current?.focus()
    return () => clearTimeout(timer.current)
  }, [])

  const decide = (keys: string) => {
    const found =
      problemWith(commandTable(), command, keys, isMac) ??
      (isSingle(keys) && !singleKeys ? ({ kind: 'switched_off' } as const) : null)
    setProblem(found)
    if (found === null) onChosen(keys)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // Its buttons have keys of their own.
    if (event.target !== place.current || event.key === 'Tab') return
    event.preventDefault()
    event.stopPropagation()
    if (event.repeat || event.nativeEvent.isComposing || event.key === 'Dead') return
    if (['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock'].includes(event.key)) return
    clearTimeout(timer.current)
    const chord = spell(event.nativeEvent)
    if (chord === 'Escape') return onCancel()
    const isSecond = problem === null && pressed !== '' && isSingle(chord)
    const keys = isSecond ? `${pressed} ${chord}` : chord
    setPressed(keys)
    setProblem(null)
    const canGoOn = command.place === undefined && !command.whileTyping && isSingle(chord)
    if (canGoOn && !isSecond) timer.current = setTimeout(() => decide(keys), SEQUENCE_MS)
    else decide(keys)
  }
  const takenBy = problem?.kind === 'taken' ? problem.by : null
  return (
    <div className={styles.capture}>
      <div
        ref={place}
        className={styles.listening}
        role="group"
        tabIndex={0}
        aria-label={t('help.press', { command: t(command.label) })}
        onKeyDown={onKeyDown}
        {...OWN_ESCAPE}
      >
        {pressed === '' ? t('help.pressNow') : <KeyCaps labels={labelsOf(pressed)} />}
      </div>
      <p className={styles.problem} role="status">
        {problem !== null && problemWords(problem, t)}
      </p>
      <div className={styles.choices}>
        {takenBy !== null && canBeTaken(takenBy) && (
          <Button size="small" look="primary" onClick={() => onChosen(pressed, takenBy)}>
            {t('help.takeAway')}
          </Button>
        )}
        <Button size="small" onClick={onCancel}>
          {t('help.leave')}
        </Button>
        {onRemove && (
          <Button size="small" onClick={onRemove}>
            {t('help.remove')}
          </Button>
        )}
      </div>
    </div>
  )
}

const canBeTaken = (id: CommandId) => canHaveOthers({ ...commandOf(id), id })

function problemWords(
  problem: KeyProblem | { kind: 'switched_off' },
  t: ReturnType<typeof useTranslate>,
): string {
  switch (problem.kind) {
    case 'taken':
      return t('help.taken', { command: t(commandOf(problem.by).label) })
    case 'switched_off':
      return t('help.switchedOff')
    case 'writes':
      return t('help.writes')
    case 'reserved':
      return t('help.reserved')
  }
}
