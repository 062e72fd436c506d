import {
  BRIDGE_INPUTS,
  IPC,
  SHELL_INPUTS,
  SHOWN_METHODS,
  type AppError,
  type BridgeMethod,
  type BridgeResult,
  type EngineMethod,
  type Reading,
  type ShellMethod,
  type ShellOutputs,
  type ShownMethod,
} from '@parley/contracts'
import { ipcMain, type IpcMainInvokeEvent } from 'electron'
import type { z } from 'zod'

import { APP_ORIGIN } from './app-identity.ts'
import { newRequestId } from './engine-process.ts'
import type { Log } from './log.ts'

/** The page that asks. */
export interface Caller {
  /** Whether a person has just clicked or pressed a key in it, by the browser's own account. */
  hasGesture(): Promise<boolean>
}

export type ShellHandlers = {
  [Method in ShellMethod]: (
    input: z.output<(typeof SHELL_INPUTS)[Method]>,
    caller: Caller,
  ) => ShellOutputs[Method] | Promise<ShellOutputs[Method]>
}

export interface BridgeOptions {
  /** Whether these are the contents of one of our windows. */
  isOurs(contents: Electron.WebContents): boolean
  askEngine(method: EngineMethod, input: unknown): Promise<BridgeResult<unknown>>
  /** @param held the id of the answer that the window holds */
  readEngine(
    method: ShownMethod,
    input: unknown,
    held: number | null,
  ): Promise<BridgeResult<Reading<unknown>>>
  shell: ShellHandlers
  log: Log
}

/**
 * The only door of main. Who calls, what is called and with what is checked here, once; an answer is always a
 * value, and a bug is logged with an id that the person can read out.
 */
export function openBridge(options: BridgeOptions): void {
  ipcMain.handle(IPC.call, (event, method: unknown, input: unknown) =>
    answer(options, event, { method, input, isMethod: isBridgeMethod }, (known, parsed) => {
      if (!isShellMethod(known)) return options.askEngine(known, parsed)
      return askShell(options.shell, known, parsed, callerOf(event))
    }),
  )
  ipcMain.handle(IPC.read, (event, method: unknown, input: unknown, held: unknown) =>
    answer(options, event, { method, input, isMethod: isShownMethod }, async (known, parsed) =>
      isHeld(held)
        ? options.readEngine(known, parsed, held)
        : refuse({ code: 'invalid_input', details: { field: 'held', problem: 'no id' } }),
    ),
  )
}

interface Question<Method extends BridgeMethod> {
  method: unknown
  input: unknown
  isMethod(method: unknown): method is Method
}

async function answer<Method extends BridgeMethod>(
  options: BridgeOptions,
  event: IpcMainInvokeEvent,
  { method, input, isMethod }: Question<Method>,
  ask: (method: Method, parsed: unknown) => Promise<BridgeResult<unknown>>,
): Promise<BridgeResult<unknown>> {
  const { log } = options
  if (!isOurPage(event, options)) {
    log.warn('a call from a page that is not ours was refused', {
      origin: event.senderFrame?.origin,
    })
    return refuse({ code: 'forbidden', details: {} })
  }
  if (!isMethod(method)) {
    log.warn('a call of a method that does not exist was refused')
    return refuse({ code: 'invalid_input', details: { field: 'method', problem: 'unknown' } })
  }
  const parsed = BRIDGE_INPUTS[method].safeParse(input)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const details = { field: issue?.path.join('.') ?? '', problem: issue?.message ?? '' }
    return refuse({ code: 'invalid_input', details })
  }
  try {
    return await ask(method, parsed.data)
  } catch (error) {
    const requestId = newRequestId()
    log.error(`main failed in ${method}`, { requestId, stack: stackOf(error) })
    return refuse({ code: 'internal', details: {}, requestId })
  }
}

async function askShell(
  shell: ShellHandlers,
  method: ShellMethod,
  parsed: unknown,
  caller: Caller,
): Promise<BridgeResult<unknown>> {
  const handler = shell[method] as (given: unknown, caller: Caller) => unknown
  return { ok: true, value: await handler(parsed, caller) }
}

/** The uppermost frame of a window of ours, still at our own origin. A frame that is gone already is null. */
function isOurPage(
  { sender, senderFrame }: IpcMainInvokeEvent,
  { isOurs }: BridgeOptions,
): boolean {
  if (senderFrame === null || senderFrame.parent !== null) return false
  return senderFrame.origin === APP_ORIGIN && isOurs(sender)
}

/** A world of main's own: in its own a page may have put anything in the place of what is asked. */
const OWN_WORLD = 1001

function callerOf({ sender }: IpcMainInvokeEvent): Caller {
  return {
    hasGesture: async () => {
      const code = 'navigator.userActivation.isActive'
      return (await sender.executeJavaScriptInIsolatedWorld(OWN_WORLD, [{ code }])) === true
    },
  }
}

function isBridgeMethod(method: unknown): method is BridgeMethod {
  return typeof method === 'string' && Object.hasOwn(BRIDGE_INPUTS, method)
}

function isShownMethod(method: unknown): method is ShownMethod {
  return typeof method === 'string' && SHOWN_METHODS.has(method)
}

function isHeld(held: unknown): held is number | null {
  return held === null || Number.isSafeInteger(held)
}

function isShellMethod(method: BridgeMethod): method is ShellMethod {
  return Object.hasOwn(SHELL_INPUTS, method)
}

function refuse(error: AppError): BridgeResult<never> {
  return { ok: false, error }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
