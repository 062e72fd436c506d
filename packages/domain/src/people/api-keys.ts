import { mayEver, type Permission, type Role } from './permissions.ts'

/** What a key may be given: sending people and groups (SCIM), and permissions but those by which one gets others. */
export const API_SCOPES = [
  'scim',
  'conversation.see',
  'conversation.reply',
  'conversation.close',
  'conversation.claim',
  'conversation.assign',
  'conversation.prioritise',
  'conversation.tag',
  'tag.manage',
  'canned_response.use',
  'canned_response.manage',
  'team_settings.read',
  'team_settings.manage',
  'customer.merge',
  'triage.read',
  'triage.manage',
  'template.use',
  'template.manage',
  'report.see',
  'presence.see',
  'queue.watch',
  'directory.see',
  'integration.manage',
  'audit.read',
] as const satisfies readonly (Permission | 'scim')[]
export type ApiScope = (typeof API_SCOPES)[number]

/** The least and the most that a key may have. */
export const API_KEY_BOUNDS = {
  lifetimeDays: [1, 730],
  /** How long the one before lives on beside the next. */
  overlapHours: [0, 720],
  allowedAddresses: [0, 50],
} as const satisfies Record<string, readonly [number, number]>

/** A key never may more than its owner. */
export function mayOwn(role: Role, scope: ApiScope): boolean {
  return mayEver(role, scope === 'scim' ? 'account.manage' : scope)
}
