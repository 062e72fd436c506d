import { type Role } from '@parley/domain'

export const TEAM_SLUGS = ['sales', 'support', 'customer_service'] as const
export type TeamSlug = (typeof TEAM_SLUGS)[number]

export interface DemoPerson {
  email: string
  fullName: string
  role: Role
  teams: readonly TeamSlug[]
  /** Conversations at the same time, weighted. */
  capacity: number
  /** Level 1 to 5 by skill; languages first. */
  skills: Readonly<Record<string, number>>
}

/**
 * The one password of everybody in the demo. Not a secret: it stands here, in the documentation and on the
 * terminal, and `seedDemo` refuses databases with real people in them.
 */
export const DEMO_PASSWORD = 'parley-demo'

/** Whose workstation the demo opens. */
export const DEMO_AGENT_EMAIL = 'mariana.solis@parley.example'

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  person('Mariana Solís', 'agent', ['customer_service'], 6, { spanish: 5, english: 4, billing: 4 }),
  person('Joaquín Beltrán', 'agent', ['customer_service'], 5, {
    spanish: 5,
    english: 3,
    billing: 3,
  }),
  person('Regina Alcocer', 'agent', ['customer_service'], 5, { spanish: 5, billing: 5 }),
  person('Iker Salgado', 'agent', ['support'], 6, { spanish: 5, english: 3, technical_support: 4 }),
  person('Paola Treviño', 'agent', ['support'], 5, {
    spanish: 5,
    english: 5,
    technical_support: 3,
  }),
  person('Emiliano Duarte', 'agent', ['support', 'customer_service'], 4, {
    spanish: 5,
    technical_support: 2,
    billing: 2,
  }),
  person('Renata Cárdenas', 'agent', ['sales'], 6, { spanish: 5, english: 4, sales_enterprise: 3 }),
  person('Tomás Arriaga', 'agent', ['sales', 'support'], 5, {
    spanish: 5,
    english: 4,
    sales_enterprise: 4,
  }),
  person('Rodrigo Ceja', 'team_lead', ['customer_service'], 3, {
    spanish: 5,
    english: 4,
    billing: 5,
  }),
  person('Gael Montiel', 'team_lead', ['support'], 3, {
    spanish: 5,
    english: 4,
    technical_support: 5,
  }),
  person('Itzel Navarrete', 'team_lead', ['sales'], 3, {
    spanish: 5,
    english: 3,
    sales_enterprise: 5,
  }),
  person('Teresa Montemayor', 'supervisor', ['sales', 'support', 'customer_service'], 0, {
    spanish: 5,
    english: 5,
  }),
  person('Aurora Villalobos', 'admin', [], 0, { spanish: 5, english: 4 }),
]

function person(
  fullName: string,
  role: Role,
  teams: readonly TeamSlug[],
  capacity: number,
  skills: Readonly<Record<string, number>>,
): DemoPerson {
  const plain = fullName.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return {
    email: `${plain.replaceAll(' ', '.')}@parley.example`,
    fullName,
    role,
    teams,
    capacity,
    skills,
  }
}
