import { createHash } from 'node:crypto'

/** A parameterised statement, prepared once per connection under its name where it has one. */
export interface Statement {
  name?: string
  text: string
  values: unknown[]
}

const prepared = new WeakMap<TemplateStringsArray, { name: string; text: string }>()

/**
 * SQL with its parameters in place. Values never become part of the text. The statement's name is derived
 * from its text, so each place in the code is parsed and planned by PostgreSQL once per connection.
 */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): Statement {
  let statement = prepared.get(strings)
  if (statement === undefined) {
    const text = strings.reduce((whole, part, index) => `${whole}$${index}${part}`)
    const name = createHash('sha256').update(text).digest('hex').slice(0, 24)
    statement = { name, text }
    prepared.set(strings, statement)
  }
  return { ...statement, values }
}

/**
 * What goes into a JSON column, or comes as rows: PostgreSQL refuses all of it for half of one character (an emoji cut
 * in two), and for U+0000, wherever people's words stand in it.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'string' ? item.replaceAll('\u0000', '').toWellFormed() : item,
  )
}

/** The same statement, parsed and planned each time that it runs. */
export function unprepared({ text, values }: Statement): Statement {
  return { text, values }
}
