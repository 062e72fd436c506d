import { EventEmitter } from 'node:events'

/**
 * Emits only what a test emits on it. Idle time is not read: the person always counts as active, until a test
 * puts another `getSystemIdleTime` in its place.
 */
export const powerMonitor = Object.assign(new EventEmitter(), {
  getSystemIdleTime: () => 0,
  getSystemIdleState: (_idleThreshold: number) => 'active' as const,
  isOnBatteryPower: () => false,
  onBatteryPower: false,
})
