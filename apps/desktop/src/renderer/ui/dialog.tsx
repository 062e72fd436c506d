import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import { type CSSProperties, type ReactNode, useLayoutEffect } from 'react'

import { useTranslate } from '../i18n/use-translate.tsx'
import { IconButton } from './button.tsx'
import { classNames } from './class-names.ts'
import styles from './dialog.module.css'
import { Icon } from './icon.tsx'
import { OnlyRead } from './only-read.tsx'

/** The part of the window that a dialog puts out of reach: all but the title bar. */
export const WORKSPACE_ID = 'workspace'

interface DialogProps {
  title: string
  width: number
  top?: number
  /** With a heading of its own, or with the title for screen readers only. */
  heading?: ReactNode
  showHeading?: boolean
  onClose: () => void
  className?: string | undefined
  children: ReactNode
}

/**
 * A dialog over the workspace. The title bar stays usable, so that the window can be moved and the
 * connection read; the workspace under the scrim is inert. Focus stays inside, and goes back or on when it closes:
 * see `useFocusSuccessor`. Escape closes it, but for one that ends what is being composed.
 */
export function Dialog({
  title,
  width,
  top,
  heading,
  showHeading = true,
  onClose,
  className,
  children,
}: DialogProps) {
  const t = useTranslate()
  useInertWorkspace()
  const style: CSSProperties = {
    width,
    ...(top === undefined ? {} : { top: `calc(var(--h-title) + ${top}px)` }),
  }
  return (
    <Primitive.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <div className={styles.scrim} />
        <Primitive.Content
          className={classNames(styles.dialog, className)}
          style={style}
          aria-modal="true"
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => event.preventDefault()}
          onEscapeKeyDown={(event) => {
            if (event.isComposing || hasEscape(event.target)) event.preventDefault()
          }}
        >
          {showHeading ? (
            <div className={styles.head}>
              <Primitive.Title className={styles.title}>{title}</Primitive.Title>
              {heading}
              <span style={{ flex: 1 }} />
              <IconButton label={t('dialog.close')} onClick={onClose}>
                <Icon of={X} />
              </IconButton>
            </div>
          ) : (
            <OnlyRead>
              <Primitive.Title>{title}</Primitive.Title>
            </OnlyRead>
          )}
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

/**
 * For what has Escape for itself within a dialog. The dialog hears of every key before whatever is in it, so that this
 * cannot take it by handling it.
 */
export const OWN_ESCAPE = { 'data-own-escape': '' }
const hasEscape = (target: EventTarget | null) =>
  target instanceof Element && target.closest('[data-own-escape]') !== null

export const DialogBody = ({ children }: { children: ReactNode }) => (
  <div className={styles.body}>{children}</div>
)
export const DialogFoot = ({ children }: { children: ReactNode }) => (
  <div className={styles.foot}>{children}</div>
)

/** Not an attribute of the workspace's own: a dialog may come from anywhere, and React may draw it meanwhile. */
function useInertWorkspace(): void {
  useLayoutEffect(() => {
    const workspace = document.getElementById(WORKSPACE_ID)
    workspace?.setAttribute('inert', '')
    return () => workspace?.removeAttribute('inert')
  }, [])
}
