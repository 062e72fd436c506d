import { type ComponentPropsWithRef, type ReactNode } from 'react'

import { type CommandId } from '../contributions/contributed.ts'
import { commandTable } from '../app/command-table.ts'
import { ariaKeys } from '../app/keys.ts'
import { useDerived } from '../contributions/registry.ts'
import styles from './button.module.css'
import { classNames } from './class-names.ts'
import { Keys } from './keys.tsx'
import { Tooltip } from './tooltip.tsx'

type Look = 'plain' | 'line' | 'primary' | 'danger' | 'quiet'
type Size = 'small' | 'normal' | 'big'

interface ButtonProps extends ComponentPropsWithRef<'button'> {
  look?: Look
  size?: Size
  wide?: boolean
  /** The command this button runs: shows its keys and tells them to screen readers. */
  keysOf?: CommandId | undefined
}

export function Button({
  look = 'plain',
  size = 'normal',
  wide = false,
  keysOf,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      {...useKeyShortcuts(keysOf)}
      className={classNames(
        styles.button,
        styles[look],
        size !== 'normal' && styles[size],
        wide && styles.wide,
        className,
      )}
    >
      {children}
      {keysOf && <Keys of={keysOf} inherit={look === 'primary'} />}
    </button>
  )
}

interface IconButtonProps extends ComponentPropsWithRef<'button'> {
  /** Its name: an icon alone is never enough. */
  label: string
  keysOf?: CommandId | undefined
  size?: Size
  children: ReactNode
}

export function IconButton({
  label,
  keysOf,
  size = 'normal',
  className,
  children,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip label={label} keysOf={keysOf}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        {...useKeyShortcuts(keysOf)}
        className={classNames(
          styles.button,
          size !== 'normal' && styles[size],
          styles.icon,
          className,
        )}
      >
        {children}
      </button>
    </Tooltip>
  )
}

function useKeyShortcuts(of: CommandId | undefined): { 'aria-keyshortcuts'?: string } {
  useDerived(commandTable)
  const keys = of === undefined ? '' : ariaKeys(of)
  return keys === '' ? {} : { 'aria-keyshortcuts': keys }
}

/** An action inside a sentence. */
export function LinkButton({ className, ...rest }: ComponentPropsWithRef<'button'>) {
  return <button type="button" {...rest} className={classNames(styles.link, className)} />
}
