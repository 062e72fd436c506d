import { fileURLToPath } from 'node:url'

import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What a page itself runs stays with it: in a shared part, every page would run every other's. */
const isNoPage = (id: string) => !/\.html$|renderer\/(main|escalation)\.tsx$/.test(id)

const TEMPORAL = '\0temporal-of-chromium'

/** The window's Chromium has Temporal of its own, which the engine's Node has not. */
const ownTemporal: Plugin = {
  name: 'own-temporal',
  enforce: 'pre',
  resolveId: (id) => (id === 'temporal-polyfill' ? TEMPORAL : null),
  load: (id) => (id === TEMPORAL ? 'export const { Temporal } = globalThis' : null),
}

/** The workstation's user interface: its window, and the small window of escalations. */
export default defineConfig({
  root: fromHere('src/renderer'),
  base: './',
  plugins: [ownTemporal, react()],
  build: {
    outDir: fromHere('out/renderer'),
    emptyOutDir: true,
    target: 'chrome146',
    // The page's policy allows no data: fonts and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ['index', 'escalation'].map((page) => fromHere(`src/renderer/${page}.html`)),
      output: {
        codeSplitting: {
          // Others' code, which changes seldom; ours for the first paint; and what only dialogs need.
          groups: [
            { name: 'vendor', test: /node_modules/, tags: ['$initial'], priority: 2 },
            { name: 'app', test: isNoPage, tags: ['$initial'], priority: 1 },
            { name: 'dialogs', test: isNoPage },
          ],
        },
      },
    },
  },
})
