import { type SearchOperator } from '@parley/domain'

import { type Queryable } from './database.ts'
import { type Fragment } from './sql.ts'

/** What a feature finds and narrows by, `name:value`, as the workstation's operator of the same name does. */
export interface Operator {
  /**
   * @returns a condition over `conversations c`; null where the value means nothing
   */
  (value: string, asked: { db: Queryable; now: Date }): Promise<Fragment | null> | Fragment | null
}

/** Those of one feature. */
export type Operators = { readonly [Name in SearchOperator]?: Operator }
