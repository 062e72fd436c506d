/**
 * The operators that narrow searches and lists. The workstation understands them over its cache and the server over its
 * database; each side says so with `satisfies`, so that none can know one which the other does not.
 */
export const SEARCH_OPERATORS = ['due', 'tag'] as const
export type SearchOperator = (typeof SEARCH_OPERATORS)[number]
