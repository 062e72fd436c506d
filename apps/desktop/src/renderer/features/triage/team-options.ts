import type { TeamView } from '@parley/contracts'

/** The teams there are, and the one that is set though it is gone: a list shows what is stored. */
export function withPresent(teams: readonly TeamView[], teamId: string | null, goneLabel: string) {
  const options = teams.map(({ id, name }) => ({ value: id, label: name }))
  return teamId === null || options.some(({ value }) => value === teamId)
    ? options
    : [...options, { value: teamId, label: goneLabel }]
}
