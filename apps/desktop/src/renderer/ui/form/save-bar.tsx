import { type ComponentPropsWithoutRef, type FormEvent, type ReactNode } from 'react'

import { runCommand, useCommand } from '../../app/commands.ts'
import { useIsSlow } from '../../bridge/use-read.ts'
import { useConnection } from '../../bridge/views.ts'
import { clockTime } from '../../i18n/moments.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Button } from '../button.tsx'
import text from '../text.module.css'
import { canSave, isConflict, isUnsaved, standing } from './editing.ts'
import { PanelBody, PanelFoot, Refusal } from './panel.tsx'
import styles from './panel.module.css'
import { type Saveable } from './use-editing.ts'

interface SaveBarProps {
  editing: Saveable
  /** What is done before it can be saved. */
  firstStep?: FirstStep | null | undefined
  /** What the server still does with what was saved. */
  stillDoing?: string | null | undefined
  /** What belongs to saving it, before the buttons. */
  children?: ReactNode
}

interface FirstStep {
  label: string
  run: () => Promise<void>
}

/** For a form around a bar: Enter in a field does what the key does, if that can be done now. */
export function submit(event: FormEvent): void {
  event.preventDefault()
  runCommand('form.save')
}

/** The foot of what can be saved: how it stands on the left, what can be done on the right. It stands in a form. */
export function SaveBar({ editing, firstStep, stillDoing, children }: SaveBarProps) {
  const t = useTranslate()
  const isOnline = useConnection()?.state === 'online'
  const { state } = editing
  const isReady = canSave(state, isOnline)
  const isStuck = !isOnline || state.isBusy
  useCommand('form.save', isReady ? () => void (firstStep?.run ?? editing.save)() : null)
  return (
    <PanelFoot>
      <Standing editing={editing} isOnline={isOnline} stillDoing={stillDoing} />
      <span className={text.grow} />
      {children}
      {isConflict(state) ? (
        <>
          <Button look="line" disabled={isStuck} onClick={() => void editing.saveAnyway()}>
            {t('form.saveAnyway')}
          </Button>
          <Button look="primary" disabled={isStuck} onClick={editing.discard}>
            {t('form.loadTheirs')}
          </Button>
        </>
      ) : (
        <>
          <Button
            look="line"
            disabled={!isUnsaved(state) || state.isBusy}
            onClick={editing.discard}
          >
            {t('form.discard')}
          </Button>
          <Button type="submit" look="primary" keysOf="form.save" disabled={!isReady}>
            {firstStep?.label ?? t('form.save')}
          </Button>
        </>
      )}
    </PanelFoot>
  )
}

function Standing({
  editing: { state, hasProblems },
  isOnline,
  stillDoing,
}: Pick<SaveBarProps, 'editing' | 'stillDoing'> & { isOnline: boolean }) {
  const t = useTranslate()
  const isBusy = useIsSlow(state.isBusy)
  if (state.error !== null) return <Refusal error={state.error} />
  const stands = standing({ ...state, isBusy }, { isOnline, hasProblems })
  const isAtRest = stands === 'saved' || stands === 'untouched'
  return (
    <p className={hasProblems ? styles.problem : text.meta} role="status">
      {isAtRest
        ? (stillDoing ??
          (state.savedAt === null ? '' : t('form.saved', { at: clockTime(state.savedAt) })))
        : t(`form.${stands}`)}
    </p>
  )
}

interface SaveFormProps extends SaveBarProps, Omit<ComponentPropsWithoutRef<'form'>, 'onSubmit'> {
  /** Over the bar, and in sight with it. */
  above?: ReactNode
  isReadOnly?: boolean
}

/** A panel that is a form over what the server keeps. */
export function SaveForm({
  editing,
  firstStep,
  stillDoing,
  above,
  isReadOnly = false,
  children,
  ...rest
}: SaveFormProps) {
  return (
    <form {...rest} className={styles.panel} onSubmit={submit}>
      <PanelBody>{children}</PanelBody>
      {!isReadOnly && (
        <>
          {above}
          <SaveBar editing={editing} firstStep={firstStep} stillDoing={stillDoing} />
        </>
      )}
    </form>
  )
}
