import { Tooltip as Primitive } from 'radix-ui'
import { type ReactElement, type ReactNode } from 'react'

import { type CommandId } from '../contributions/contributed.ts'
import { Keys } from './keys.tsx'
import styles from './tooltip.module.css'

export const TooltipProvider = ({ children }: { children: ReactNode }) => (
  <Primitive.Provider delayDuration={500} skipDelayDuration={200}>
    {children}
  </Primitive.Provider>
)

export function Tooltip({
  label,
  keysOf,
  children,
}: {
  label: string
  keysOf?: CommandId | undefined
  children: ReactElement
}) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content className={styles.tip} side="bottom" sideOffset={6} collisionPadding={6}>
          {label}
          {keysOf && <Keys of={keysOf} />}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
