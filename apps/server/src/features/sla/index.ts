export { startSla } from './firing.ts'
export { businessHoursRouter, slaRouter } from './sla.router.ts'
export { updateClocks } from './update-clocks.ts'
