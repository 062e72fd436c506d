import { type ComponentType } from 'react'

import { derived, useDerived } from '../contributions/registry.ts'
import { Slot } from '../contributions/slot.tsx'
import { useViewState } from './view-state.ts'

const partsOf = (kind: 'screens' | 'dialogs' | 'sheets') =>
  derived((contributions): Readonly<Record<string, ComponentType<object>>> =>
    Object.assign({}, ...contributions.map((one) => one[kind])),
  )
const screens = partsOf('screens')
const dialogs = partsOf('dialogs')
const sheets = partsOf('sheets')

/** What stands beside the rail: the conversations, or a screen in their place. */
export function ShownScreen() {
  const parts = useDerived(screens)
  const { kind, ...told } = useViewState((state) => state.screen)
  if (kind === 'main') return <Slot of="main" />
  const Part = parts[kind]
  return Part && <Part {...told} />
}

export function OpenSheet() {
  const parts = useDerived(sheets)
  const sheet = useViewState((state) => state.sheet)
  const Part = sheet === null ? undefined : parts[sheet]
  return Part && <Part />
}

export function OpenDialog() {
  const parts = useDerived(dialogs)
  const dialog = useViewState((state) => state.dialog)
  const close = useViewState((state) => state.closeDialog)
  if (dialog === null) return null
  const { kind, ...told } = dialog
  const Part = parts[kind] as ComponentType<{ onClose: () => void }> | undefined
  return Part && <Part {...told} onClose={close} />
}
