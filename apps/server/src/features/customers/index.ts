import { customerKind } from './customers.rows.ts'

export { callCustomers } from './call-customers.ts'
export { changeIdentity, type IdentityChange } from './change-identity.ts'
export { identifyCustomer, type IdentifiedCustomer } from './identify-customer.ts'
export { personOf } from './identities.queries.ts'
export { IdentitiesMoved } from './merge-customers.ts'

export const kinds = [customerKind]
