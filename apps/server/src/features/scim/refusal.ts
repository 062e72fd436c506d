/** Keywords of RFC 7644, 3.12. */
export type ScimType =
  | 'invalidFilter'
  | 'invalidPath'
  | 'invalidSyntax'
  | 'invalidValue'
  | 'mutability'
  | 'noTarget'
  | 'tooMany'
  | 'uniqueness'

/** Of a request that changes nothing, in the words of the protocol. The detail is read by whoever connects a directory. */
export class ScimRefusal extends Error {
  override name = 'ScimRefusal'
  readonly status: number
  readonly scimType: ScimType | null

  constructor(status: number, scimType: ScimType | null, detail: string) {
    super(detail)
    this.status = status
    this.scimType = scimType
  }
}

export const invalid = (detail: string): ScimRefusal => new ScimRefusal(400, 'invalidValue', detail)
export const noResource = (): ScimRefusal => new ScimRefusal(404, null, 'There is no such resource')
export const taken = (detail: string): ScimRefusal => new ScimRefusal(409, 'uniqueness', detail)
