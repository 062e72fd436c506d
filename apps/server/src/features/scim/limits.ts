/** What one request may ask for at most: a directory sends the rest in others. */
export const SCIM_LIMITS = {
  bodyBytes: 2 * 1024 * 1024,
  pageSize: 200,
  defaultPageSize: 100,
  /** Of a PATCH. */
  operations: 1_000,
  /** Of a group. */
  members: 10_000,
  filterLength: 1_000,
  /** Of `attributes`, and of `excludedAttributes`. */
  attributes: 100,
  /** Of a page that names the members of each. */
  groupsWithMembers: 10,
} as const
