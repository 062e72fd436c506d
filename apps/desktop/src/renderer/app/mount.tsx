import '../styles/fonts.css'
import '../styles/tokens.css'
import '../styles/base.css'

import type { Bridge } from '@parley/contracts'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { BridgeProvider, connect } from '../bridge/bridge-context.tsx'
import { App } from './app.tsx'

export function mount(bridge: Bridge): void {
  const root = document.getElementById('root')
  if (!root) throw new Error('the page has no root')
  createRoot(root).render(
    <StrictMode>
      <BridgeProvider value={connect(bridge)}>
        <App />
      </BridgeProvider>
    </StrictMode>,
  )
}
