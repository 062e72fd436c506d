import { businessHoursProcedures, slaProcedures } from './sla.router.ts'

export { startSla } from './firing.ts'
export { updateClocks } from './update-clocks.ts'

export const procedures = { sla: slaProcedures, businessHours: businessHoursProcedures }
