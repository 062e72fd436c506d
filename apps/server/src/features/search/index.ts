import { searchProcedures } from './search.router.ts'

export { startIndexing } from './index-words.ts'
export { understand } from './understand.ts'

export const procedures = { search: searchProcedures }
