import { businessHoursProcedures, slaProcedures } from './sla.router.ts'

import { dueOperator } from './due-operator.ts'

export { startSla } from './firing.ts'
export { updateClocks } from './update-clocks.ts'

export const operators = { due: dueOperator }
export const procedures = { sla: slaProcedures, businessHours: businessHoursProcedures }
