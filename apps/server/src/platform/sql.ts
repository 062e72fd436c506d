import { createHash } from 'node:crypto'

/** A parameterised statement, prepared once per connection under its name where it has one. */
export interface Statement {
  name?: string
  text: string
  values: unknown[]
  /** See `lookUp`. */
  isLookUp?: true
}

/** A piece of a statement, with its parameters, to stand in others. */
export class Fragment {
  readonly strings: readonly string[]
  readonly values: readonly unknown[]

  constructor(strings: readonly string[], values: readonly unknown[]) {
    this.strings = strings
    this.values = values
  }
}

/** `sql` of a part: whatever takes it puts its parameters in their places. */
export function fragment(strings: TemplateStringsArray, ...values: unknown[]): Fragment {
  return flat(strings, values)
}

/** Conditions that all have to hold; none: always. */
export function every(conditions: readonly Fragment[]): Fragment {
  return conditions.reduce((whole, one) => fragment`${whole} AND (${one})`, fragment`TRUE`)
}

/** The same with what stands in it put in its place. */
function flat(strings: readonly string[], values: readonly unknown[]): Fragment {
  const texts = [strings[0] ?? '']
  const flatValues: unknown[] = []
  values.forEach((value, index) => {
    const following = strings[index + 1] ?? ''
    if (value instanceof Fragment) {
      const [first = '', ...others] = value.strings
      texts.push(`${texts.pop()}${first}`, ...others)
      texts.push(`${texts.pop()}${following}`)
      flatValues.push(...value.values)
    } else {
      texts.push(following)
      flatValues.push(value)
    }
  })
  return new Fragment(texts, flatValues)
}

const prepared = new WeakMap<TemplateStringsArray, { name: string; text: string }>()

/**
 * SQL with its parameters in place. Values never become part of the text. The statement's name is derived
 * from its text, so each place in the code is parsed and planned by PostgreSQL once per connection.
 */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): Statement {
  if (values.some((value) => value instanceof Fragment)) {
    const whole = flat(strings, values)
    return { ...named(whole.strings), values: [...whole.values] }
  }
  let statement = prepared.get(strings)
  if (statement === undefined) {
    statement = named(strings)
    prepared.set(strings, statement)
  }
  return { ...statement, values }
}

function named(strings: readonly string[]): { name: string; text: string } {
  const text = strings.reduce((whole, part, index) => `${whole}$${index}${part}`)
  return { name: createHash('sha256').update(text).digest('hex').slice(0, 24), text }
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

/**
 * The same statement, of one that looks up row after row by an index: planned once on steady connections (`STEADY_PLANS`),
 * and each time on all others, where a plan that was kept from when the table was small would read it through.
 */
export function lookUp(statement: Statement): Statement {
  return { ...statement, isLookUp: true }
}

/** The same statement, parsed and planned each time that it runs. */
export function unprepared({ text, values }: Statement): Statement {
  return { text, values }
}
