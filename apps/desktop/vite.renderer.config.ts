import { fileURLToPath } from 'node:url'

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What a page itself runs stays with it: in a shared part, every page would run every other's. */
const isNoPage = (id: string) => !/\.html$|renderer\/(main|escalation)\.tsx$/.test(id)

/** The workstation's user interface: its window, and the small window of escalations. */
export default defineConfig({
  root: fromHere('src/renderer'),
  base: './',
  plugins: [react()],
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
