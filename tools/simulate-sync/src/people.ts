import { type Role } from '@parley/domain'

export interface Person {
  readonly id: string
  readonly email: string
  readonly name: string
}

const NAMES = [
  'Ana',
  'Beto',
  'Carla',
  'Diego',
  'Elena',
  'Fabio',
  'Gala',
  'Hugo',
  'Iris',
  'Jaime',
  'Karen',
  'Luis',
  'Marta',
  'Nico',
  'Olga',
  'Pablo',
  'Quique',
  'Rosa',
  'Saul',
  'Tania',
] as const

/** The first ones are of every role, so that small simulations have them all. */
const ROLES: readonly Role[] = ['agent', 'team_lead', 'supervisor', 'agent', 'admin', 'agent']

export interface Hired extends Person {
  readonly role: Role
  /** Of the teams that there are, by their places. */
  readonly teams: readonly number[]
}

/** @param id made by the simulation's chance */
export function hire(index: number, id: string): Hired {
  const name = NAMES[index % NAMES.length] as string
  return {
    id,
    name,
    email: `${name.toLowerCase()}@parley.example`,
    role: ROLES[index % ROLES.length] as Role,
    teams: index % 3 === 0 ? [0] : index % 3 === 1 ? [0, 1] : [1, 2],
  }
}
