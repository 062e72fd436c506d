import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { type ReactElement, type ReactNode } from 'react'

import { type CommandId } from '../contributions/contributed.ts'
import { classNames } from './class-names.ts'
import { Icon } from './icon.tsx'
import { Keys } from './keys.tsx'
import styles from './menu.module.css'

interface MenuProps {
  trigger: ReactElement
  /** Its name, where the trigger's own words do not say it. */
  label?: string
  open?: boolean
  onOpenChange?: (open: boolean) => void
  side?: 'top' | 'bottom' | 'right'
  align?: 'start' | 'end'
  className?: string | undefined
  children: ReactNode
}

/**
 * A menu under its button. Not modal: the window's own controls stay in reach, and nothing has to inject
 * styles into the page, which its policy forbids.
 */
export function Menu({
  trigger,
  label,
  open,
  onOpenChange,
  side = 'bottom',
  align = 'end',
  className,
  children,
}: MenuProps) {
  return (
    <DropdownMenu.Root
      modal={false}
      {...(open === undefined ? {} : { open })}
      {...(onOpenChange ? { onOpenChange } : {})}
    >
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className={classNames(styles.menu, className)}
          side={side}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          loop
          {...(label ? { 'aria-label': label } : {})}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

export function MenuItem({
  onSelect,
  keysOf,
  hint,
  danger = false,
  disabled = false,
  staysOpen = false,
  children,
}: {
  onSelect: () => void
  keysOf?: CommandId
  hint?: ReactNode
  danger?: boolean
  disabled?: boolean
  /** For what is done several times in a row. */
  staysOpen?: boolean
  children: ReactNode
}) {
  return (
    <DropdownMenu.Item
      className={classNames(styles.item, danger && styles.danger)}
      onSelect={(event) => {
        if (staysOpen) event.preventDefault()
        onSelect()
      }}
      disabled={disabled}
    >
      {children}
      {(hint || keysOf) && (
        <span className={styles.hint}>{hint ?? (keysOf && <Keys of={keysOf} />)}</span>
      )}
    </DropdownMenu.Item>
  )
}

/** One of several, ticked where it is the present one. */
export function MenuChoice({
  checked,
  onSelect,
  hint,
  staysOpen = false,
  children,
}: {
  checked: boolean
  onSelect: () => void
  hint?: ReactNode
  /** Where several may be chosen. */
  staysOpen?: boolean
  children: ReactNode
}) {
  return (
    <DropdownMenu.CheckboxItem
      className={styles.item}
      checked={checked}
      onSelect={(event) => {
        if (staysOpen) event.preventDefault()
        onSelect()
      }}
    >
      {children}
      {checked ? (
        <span className={styles.check}>
          <Icon of={Check} />
        </span>
      ) : (
        hint && <span className={styles.hint}>{hint}</span>
      )}
    </DropdownMenu.CheckboxItem>
  )
}

export const MenuRule = () => <DropdownMenu.Separator className={styles.rule} />
export const MenuHeading = ({ children }: { children: ReactNode }) => (
  <DropdownMenu.Label className={styles.heading}>{children}</DropdownMenu.Label>
)
export const MenuNote = ({ children }: { children: ReactNode }) => (
  <div className={styles.note}>{children}</div>
)
