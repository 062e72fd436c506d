import { type ComponentType } from 'react'

import { type Slots } from './contributed.ts'
import { type InSlot } from './contribution.ts'
import { derived, inOrder, useDerived } from './registry.ts'

const partsBySlot = derived((contributions) => {
  const parts = new Map<string, InSlot<never>[]>()
  for (const { slots } of contributions) {
    for (const [name, ones] of Object.entries(slots ?? {}))
      parts.set(name, inOrder([...(parts.get(name) ?? []), ...ones]))
  }
  return parts
})

/** Draws what the features have put into a place, with what is said to each of them. */
export function Slot<Name extends keyof Slots>({ of, ...props }: { of: Name } & Slots[Name]) {
  const parts = useDerived(partsBySlot).get(of) ?? []
  return parts.map(({ part }, index) => {
    const Part = part as ComponentType<object>
    return <Part key={index} {...props} />
  })
}
