import {
  type BridgeEvent,
  type BridgeResult,
  type EngineMethod,
  type ShownMethod,
} from '@parley/contracts'
import { type DeviceState } from '@parley/domain'

import { type EngineHost, type StoredAccount } from './host.ts'
import { type Notice } from './notices.ts'

/** What main and the engine's worker say to each other. */

export { type Notice } from './notices.ts'

/** The rest of its host the worker asks main for. */
export type EngineWorkerData = Pick<
  EngineHost,
  | 'dataFolder'
  | 'deviceName'
  | 'platform'
  | 'fixedServerUrl'
  | 'allowsHttp'
  | 'leaseMs'
  | 'defaultServerUrl'
>

export type ToEngine =
  | { type: 'call'; id: number; method: EngineMethod; input: unknown }
  | { type: 'read'; id: number; method: ShownMethod; input: unknown; held: number | null }
  | { type: 'sleep' }
  | { type: 'wake' }
  | { type: 'device'; state: DeviceState }
  | { type: 'stop' }
  | { type: 'answer'; id: number; value: unknown }
  | { type: 'answer'; id: number; failure: string }

export type HostRequest =
  | { request: 'readSecret'; name: string }
  | { request: 'writeSecret'; name: string; value: string | null }
  | { request: 'readAccount' }
  | { request: 'writeAccount'; account: StoredAccount | null }
  | { request: 'openBrowser'; url: string }

export type FromEngine =
  | { type: 'result'; id: number; result: BridgeResult<unknown> }
  /** A bug: the call was not answered as it should have been. */
  | { type: 'crashed'; id: number; message: string }
  | { type: 'event'; event: BridgeEvent; payload: unknown }
  | { type: 'notice'; notice: Notice }
  | { type: 'cameBack' }
  | ({ type: 'ask'; id: number } & HostRequest)
  | { type: 'started' }
  | { type: 'stopped' }
