import type { Bridge } from '@parley/contracts'

declare global {
  interface Window {
    /** Put there by the preload script: the only way out of this page. */
    readonly parley: Bridge
  }
}
