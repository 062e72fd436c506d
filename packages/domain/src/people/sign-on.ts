/** Why somebody who came by single sign-on was not let in. The server says it to the browser and to the workstation. */
export const SIGN_ON_PROBLEMS = [
  /** The person, or the provider, said no. */
  'refused',
  /** Too late, a second time, from another browser, or never begun. */
  'over',
  /** The provider does not answer, or is set up wrongly. */
  'provider_unavailable',
  /** What came is not the provider's word, or not for us, or not for now. */
  'not_valid',
  /** The provider does not say that the address is the person's. */
  'email_unverified',
  /** The address is of no domain that the provider speaks for. */
  'other_domain',
  /** Nobody here has this address, and people are not created. */
  'unknown_person',
  /** Somebody here has this address, and the provider knew them as somebody else. */
  'linked_otherwise',
  'inactive',
  /** The server could not, and may in a moment. */
  'try_later',
] as const
export type SignOnProblem = (typeof SIGN_ON_PROBLEMS)[number]

/** Where the provider sends browsers back to, and where it says that somebody signed out, after the server's address. */
export const SIGN_ON_PATHS = {
  start: '/sso/start',
  callback: '/sso/callback',
  logout: '/sso/backchannel-logout',
} as const
