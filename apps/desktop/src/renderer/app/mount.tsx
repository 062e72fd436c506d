import '../styles/fonts.css'
import '../styles/tokens.css'
import '../styles/base.css'

import type { Bridge } from '@parley/contracts'
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { BridgeProvider, connect } from '../bridge/bridge-context.tsx'
import { type Contribution } from '../contributions/contribution.ts'
import { install } from '../contributions/registry.ts'
import { commandTable } from './command-table.ts'

export function mount(
  bridge: Bridge,
  contributions: readonly Contribution[],
  page: ReactNode,
): void {
  install(contributions)
  // Two commands on one key are refused here, not when somebody presses it.
  commandTable()
  const root = document.getElementById('root')
  if (!root) throw new Error('the page has no root')
  createRoot(root).render(
    <StrictMode>
      <BridgeProvider value={connect(bridge)}>{page}</BridgeProvider>
    </StrictMode>,
  )
}
