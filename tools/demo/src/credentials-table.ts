import { DEMO_PASSWORD, DEMO_PEOPLE } from '@parley/simulator/demo-data'

const ROLE_WORDS = {
  agent: 'agent',
  team_lead: 'team lead',
  supervisor: 'supervisor',
  admin: 'admin',
} as const
const TEAM_WORDS = {
  sales: 'Sales',
  support: 'Support',
  customer_service: 'Customer Service',
} as const

/** Who can sign in, and how. */
export function credentialsTable(): string {
  const rows = DEMO_PEOPLE.map(({ fullName, role, teams, email }) => [
    fullName,
    ROLE_WORDS[role],
    teams.length === 3
      ? 'all teams'
      : teams.map((team) => TEAM_WORDS[team]).join(', ') || 'no team',
    email,
  ])
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  )
  return [`Everybody in the demo signs in with the password ${DEMO_PASSWORD}`, ...lines].join('\n')
}
