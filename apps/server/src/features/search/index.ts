import { searchProcedures } from './search.router.ts'

export { indexPortion, startIndexing } from './index-words.ts'
export { search } from './search.ts'
export { understand } from './understand.ts'

export const procedures = { search: searchProcedures }
