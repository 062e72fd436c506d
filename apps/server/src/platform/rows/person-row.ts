import { type PersonRow } from '@parley/contracts'

/** A row of the view `person_rows`. */
export interface PersonRecord {
  id: string
  version: string
  full_name: string
  role: PersonRow['role']
  is_active: boolean
  team_ids: string[]
  presence_status: PersonRow['presence']['status']
  presence_reason: string | null
  presence_since: Date
  capacity: number
  is_finishing: boolean
  wrap_up_until: Date | null
}

export function toPersonRow(record: PersonRecord): PersonRow {
  return {
    id: record.id,
    version: Number(record.version),
    fullName: record.full_name,
    role: record.role,
    isActive: record.is_active,
    teamIds: record.team_ids,
    presence: {
      status: record.presence_status,
      reason: record.presence_reason,
      since: record.presence_since.toISOString(),
      capacity: record.capacity,
      isFinishing: record.is_finishing,
      wrapUpUntil: record.wrap_up_until?.toISOString() ?? null,
    },
  }
}
