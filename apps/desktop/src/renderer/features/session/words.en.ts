import { type es } from './words.es.ts'

export const en = {
  'expired.dialog': 'Sign in again as {email}. What waits is sent when you do.',
  'expired.signIn': 'Sign in again',

  'settings.language': 'Language',
  'settings.theme': 'Theme',
  'settings.title': 'Settings',
  'settings.version': 'Version {version}',

  'signedOut.device_revoked': 'This computer’s access was withdrawn.',
  'signedOut.device_revoked.detail': 'What was saved is deleted. Sign in again if you should.',
  'signedOut.session_ended': 'Your session ended.',
  'signedOut.session_ended.detail': 'Sign in again to go on.',

  'signIn.busy': 'Signing in…',
  'signIn.email': 'Email',
  'signIn.hidePassword': 'Hide password',
  'signIn.lead': 'Your conversations are where you left them.',
  'signIn.onThisComputer': ', on this computer',
  'signIn.openOffline': 'Open offline',
  'signIn.password': 'Password',
  'signIn.server': 'Server',
  'signIn.serverLocked': 'Set by IT. It cannot be changed here.',
  'signIn.showPassword': 'Show password',
  'signIn.submit': 'Sign in',
  'signIn.title': 'Sign in to Parley',

  'signOut.discard': 'Discard and sign out',
  'signOut.stay': 'Stay',
  'signOut.submit': 'Sign out',
  'signOut.title': 'Sign out',
  'signOut.unsent':
    '{count, plural, =0 {There is unsent work that would be lost.} one {This was not sent and would be lost:} other {These # were not sent and would be lost:}}',
  'signOut.words': 'What is saved on this computer is deleted. On the server nothing changes.',

  'theme.dark': 'Dark',
  'theme.light': 'Light',
  'theme.system': 'The computer’s',
} satisfies Record<keyof typeof es, string>
