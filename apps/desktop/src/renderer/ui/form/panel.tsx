import type { AppError } from '@parley/contracts'
import { type ComponentPropsWithoutRef, type ReactNode } from 'react'

import { useViewState } from '../../app/view-state.ts'
import { useErrorWords } from '../../bridge/use-error-words.ts'
import { useTranslate } from '../../i18n/use-translate.tsx'
import { Segments } from '../segments.tsx'
import text from '../text.module.css'
import { useUnsaved } from './edits.ts'
import styles from './panel.module.css'

interface Children {
  children: ReactNode
}

interface PartChoiceProps<Part extends string> {
  value: Part
  options: readonly { value: Part; label: string }[]
  /** Whose parts they are, where each team has its own. */
  teamId?: string
  onChange: (part: Part) => void
}

/** Which part of a screen is shown; those with something unsaved are marked. */
export function PartChoice<Part extends string>({
  options,
  teamId,
  ...rest
}: PartChoiceProps<Part>) {
  const t = useTranslate()
  const screen = useViewState((state) => state.screen.kind)
  const isUnsaved = useUnsaved()
  const ofTeam = teamId === undefined ? {} : { teamId }
  return (
    <Segments
      {...rest}
      label={t('panel.parts')}
      options={options.map((option) => ({
        ...option,
        isUnsaved: isUnsaved({ screen, part: option.value, ...ofTeam }),
      }))}
    />
  )
}

/** The same over a panel, with who may change what is in it where this person may not. */
export function Parts<Part extends string>({
  readOnly,
  ...choice
}: PartChoiceProps<Part> & { readOnly?: string | false }) {
  return (
    <div className={styles.parts}>
      <PartChoice {...choice} />
      {readOnly && <span className={text.meta}>{readOnly}</span>}
    </div>
  )
}

export const Panel = (rest: ComponentPropsWithoutRef<'div'>) => (
  <div {...rest} className={styles.panel} />
)

/** What scrolls. */
export const PanelBody = ({ children, isBusy }: Children & { isBusy?: boolean }) => (
  <div className={styles.body} aria-busy={isBusy}>
    {children}
  </div>
)

export const PanelFoot = ({ children }: Children) => (
  <footer className={styles.foot}>{children}</footer>
)

/** Groups of fields, as wide as they are read well. */
export const Fields = ({ children, isReadOnly = false }: Children & { isReadOnly?: boolean }) => (
  <fieldset className={styles.fields} disabled={isReadOnly}>
    {children}
  </fieldset>
)

export function Group({
  heading,
  action,
  children,
}: Children & { heading?: string; action?: ReactNode }) {
  return (
    <section className={styles.group}>
      {heading !== undefined && (
        <header className={styles.head}>
          <h2 className={styles.heading}>{heading}</h2>
          {action}
        </header>
      )}
      {children}
    </section>
  )
}

export const Note = ({ children }: Children) => <p className={styles.note}>{children}</p>

/** What is wrong with more than one field. */
export const Problem = ({ children }: Children) => (
  <p className={styles.problem} role="alert">
    {children}
  </p>
)

/** What the server refused. */
export function Refusal({ error }: { error: AppError }) {
  const { title, detail } = useErrorWords()(error)
  return (
    <Problem>
      <strong>{title}</strong> {detail}
    </Problem>
  )
}
