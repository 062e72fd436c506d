import {
  type CannedResponseRow,
  type CannedResponseView,
  type DirectoryView,
  type PersonRow,
  type PersonView,
  type TeamRow,
} from '@parley/contracts'
import { DEFAULT_ROUTING_SETTINGS } from '@parley/domain'

import { type Cache } from '../store/cache.ts'

export function readDirectory(cache: Cache): DirectoryView {
  const mine = cache.actor.teamIds
  const loads = readLoads(cache)
  return {
    teams: cache.store
      .all<{ row: string }>('SELECT row FROM teams')
      .map(({ row }) => JSON.parse(row) as TeamRow)
      .filter(({ isActive }) => isActive)
      .map(({ id, name, slug }) => ({ id, name, slug, isMine: mine.includes(id) }))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
    people: cache.store
      .all<{ row: string }>('SELECT row FROM people')
      .map(({ row }) => toPersonView(JSON.parse(row) as PersonRow, loads))
      .toSorted((a, b) => a.fullName.localeCompare(b.fullName)),
  }
}

export function readMe(cache: Cache): PersonView | null {
  const row = cache.person(cache.myId)
  return row === null ? null : toPersonView(row, readLoads(cache))
}

function toPersonView(row: PersonRow, loads: Map<string, number>): PersonView {
  return {
    id: row.id,
    fullName: row.fullName,
    role: row.role,
    isActive: row.isActive,
    teamIds: row.teamIds,
    presence: row.presence,
    load: loads.get(row.id) ?? 0,
  }
}

/** What counts against each person's capacity, as far as this cache can see. */
export function readLoads(cache: Cache): Map<string, number> {
  const records = cache.store.all<{ assigned_to: string; load: number }>(
    `SELECT assigned_to, SUM(CASE status WHEN 'pending_customer' THEN ${DEFAULT_ROUTING_SETTINGS.pendingCustomerFraction} ELSE 1 END) AS load
     FROM conversations
     WHERE assigned_to IS NOT NULL AND status IN ('assigned', 'pending_agent', 'pending_customer')
     GROUP BY assigned_to`,
  )
  return new Map(records.map(({ assigned_to, load }) => [assigned_to, load]))
}

/** What can be used in a conversation of this team: global ones, the team's and one's own. */
export function listCannedResponses(cache: Cache, teamId: string | null): CannedResponseView[] {
  return cache.store
    .all<{ row: string }>('SELECT row FROM canned_responses')
    .map(({ row }) => JSON.parse(row) as CannedResponseRow)
    .filter((row) => row.teamId === null || row.teamId === teamId)
    .map(({ id, shortcut, title, content, language, teamId: of }) => ({
      id,
      shortcut,
      title,
      content,
      language,
      teamId: of,
    }))
    .toSorted((a, b) => a.shortcut.localeCompare(b.shortcut))
}
