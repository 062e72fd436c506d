import fs from 'node:fs'
import { pathToFileURL } from 'node:url'
import { makeBridgePeer } from './bridge-peer.ts'
import { makeCodec } from './codec.ts'
import { makePreloadEnvironment } from './preload-environment.ts'

export const ISOLATED_WORLD = 'electronIsolatedContext'
/** The DevTools binding of the isolated world; the environment takes it away before the preload runs. */
export const BINDING = '__electronHostSend'
/** The function in the isolated world that main calls. */
export const DELIVER = '__electronHostDeliver'

// Node has stripped the types already, so a function's own text is the script for the page.
const LIBRARY = [makeCodec, makeBridgePeer, makePreloadEnvironment].map(String).join('\n')

/** Preloads and the bridge belong to the main frame alone, as in Electron without nodeIntegrationInSubFrames. */
const inMainFrame = (body: string): string =>
  `if (window === window.top) { (() => {\n${LIBRARY}\n${body}\n})(); }`

export function mainWorldScript(secret: string): string {
  return inMainFrame(`makeBridgePeer(${JSON.stringify(secret)}, 'main', makeCodec());`)
}

export function preloadScript(
  secret: string,
  preloadPath: string | undefined,
  processInfo: Record<string, unknown>,
): string {
  const source = preloadPath === undefined ? '' : fs.readFileSync(preloadPath, 'utf8')
  const names = JSON.stringify({ binding: BINDING, deliver: DELIVER })
  const body = `
    const codec = makeCodec();
    const peer = makeBridgePeer(${JSON.stringify(secret)}, 'isolated', codec);
    const { require, process, report } = makePreloadEnvironment(peer, codec, ${JSON.stringify(processInfo)}, ${names});
    const setImmediate = (callback, ...args) => setTimeout(callback, 0, ...args);
    const module = { exports: {} };
    try {
      (function (require, process, global, setImmediate, clearImmediate, exports, module) {
${source}
      })(require, process, globalThis, setImmediate, clearTimeout, module.exports, module);
    } catch (error) { report(error); }`
  const name = preloadPath === undefined ? '' : `\n//# sourceURL=${pathToFileURL(preloadPath).href}`
  return inMainFrame(body) + name
}
