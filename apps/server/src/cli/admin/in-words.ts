import { type Failure } from '../../platform/failure.ts'

/** What has to be done first, by what it is called. */
const FIRST: Readonly<Record<string, string>> = {
  admin: 'It has to be an administrator who has a password',
  second_factor: 'They have no second factor: they set it up in their own account first',
  break_glass: 'Choose an emergency account first (npm run admin -- sso break-glass EMAIL)',
  another_team: 'It is the only team that is switched on: switch on or create another one first',
}
const TAKEN: Readonly<Record<string, string>> = {
  email: 'Another account has this address',
  name: 'A team has this name already',
  domain: 'Another provider has one of these domains',
}

/** Why nothing was done, for whoever gave the command. @param notFound what the command says of what is not there */
export function inWords({ code, details }: Failure, notFound: string | undefined): string {
  const what = String(details['what'])
  switch (code) {
    case 'last_admin':
      return 'Nobody would be left who administers: make somebody else an administrator first'
    case 'not_found':
      return notFound ?? 'What was named is not there any more'
    case 'taken':
      return TAKEN[what] ?? `There is one already: ${what}`
    case 'required':
      return FIRST[what] ?? `Missing: ${what}`
    case 'managed_elsewhere':
      return `The company's directory says this of them (${what}): change it there, or take them over in Parley first`
    case 'break_glass':
      return 'They are the emergency account: choose another one first (npm run admin -- sso break-glass EMAIL)'
    case 'not_assignable':
      return 'That person or team is switched off'
    case 'conflict':
      return 'Somebody else changed it just now: give the command again'
    case 'invalid_input':
      if (details['problem'] === 'no_address') return '--from: not an address or a network'
      if (details['problem'] === 'too_many') return 'There are too many already: end some first'
      return named(code, details)
    default:
      return named(code, details)
  }
}

function named(code: string, details: Record<string, unknown>): string {
  const more = Object.entries(details).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  return more.length === 0 ? code : `${code}: ${more.join(', ')}`
}
