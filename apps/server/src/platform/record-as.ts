import { z } from 'zod'

/**
 * How records become what the contracts declare: a field's column has its name (`team_id` for `teamId`), instants
 * become text and big integers, which PostgreSQL gives as text, numbers. Of a record nothing else goes along.
 *
 *     const toOffer = recordAs(offerRow)
 *
 * @throws where a record lacks a column: that is a bug of its query
 */
export function recordAs<Shape extends z.ZodRawShape>(
  declared: z.ZodObject<Shape>,
): (record: object) => z.output<z.ZodObject<Shape>> {
  const fields = Object.entries(declared.shape).map(([field, schema]) => ({
    field,
    column: field.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`),
    isNumber: schema instanceof z.ZodNumber,
  }))
  return (record) => {
    const columns = record as Readonly<Record<string, unknown>>
    const made: Record<string, unknown> = {}
    for (const { field, column, isNumber } of fields) {
      const value = columns[column]
      if (value === undefined) throw new Error(`a record has no column ${column}`)
      made[field] = value instanceof Date ? value.toISOString() : isNumber ? Number(value) : value
    }
    return made as z.output<z.ZodObject<Shape>>
  }
}
