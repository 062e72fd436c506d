import { requiredOnClose } from './required-on-close.ts'
import { tagOperator } from './tag-operator.ts'
import { tagProcedures } from './tags.router.ts'
import { conversationTagKind, tagKind, tagRuleKind } from './tags.rows.ts'

export const procedures = { tags: tagProcedures }
export const kinds = [tagKind, tagRuleKind, conversationTagKind]
export const guards = [requiredOnClose]
export const operators = { tag: tagOperator }
