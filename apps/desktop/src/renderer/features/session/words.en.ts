import { type es } from './words.es.ts'

export const en = {
  'account.begin': 'Set up a second factor',
  'account.change': 'Change the password',
  'account.changed': 'Done. Your other sessions were ended.',
  'account.confirm': 'Confirm',
  'account.current': 'Current password',
  'account.failed': 'Your account could not be read.',
  'account.isOff': 'Besides the password, a code from an authenticator app on your phone.',
  'account.isOn':
    'On. {count, plural, one {You have # recovery code left.} other {You have # recovery codes left.}}',
  'account.next': 'New password',
  'account.open': 'Your account…',
  'account.password': 'Password',
  'account.remove': 'Remove it',
  'account.renew': 'New recovery codes',
  'account.secondFactor': 'Second factor',
  'account.title': 'Your account',
  'join.asks': '{server} will be asked. Go on only if it is your company’s.',
  'join.asksFixed':
    'The link is of {other}, and this computer uses {server}: that one will be asked.',
  'join.back': 'Sign in with a password',
  'join.invitation': 'Hello, {name}',
  'join.lead': 'Paste the link that you were given by whoever administers Parley in your company.',
  'join.link': 'Link',
  'join.look': 'Continue',
  'join.noLink': 'That is no invitation link: one begins with https:// and has /join#.',
  'join.offer': 'I have an invitation, or a link for another password',
  'join.password': 'Choose a password',
  'join.passwordWords':
    '{count, plural, one {# character or more.} other {# characters or more.}} A few words that have nothing to do with each other are easy to remember and hard to guess.',
  'join.reset': 'Choose another password, {name}',
  'join.signedIn': 'You are signed in as {email}',
  'join.signedInWords': 'To use the invitation, sign out and open the link again.',
  'join.submit': 'Save and sign in',
  'join.title': 'Sign in with a link',
  'recovery.copied': 'Copied',
  'recovery.copy': 'Copy',
  'recovery.kept': 'I have kept them',
  'recovery.lead': 'They are shown only now.',
  'recovery.see': 'See the codes',
  'recovery.title': 'Keep your recovery codes.',
  'recovery.words':
    'Each works once, should you lose your phone. Keep them somewhere other than this computer: they are not shown again.',
  'secondFactor.code': 'Code',
  'secondFactor.codeWords': 'From your authenticator app, or one of your recovery codes.',
  'secondFactor.needed': 'Your role asks for a second factor.',
  'secondFactor.scan': 'QR code for the authenticator app',
  'secondFactor.setUp': 'Scan this with an authenticator app and type the code that it shows.',
  'secondFactor.type': 'Cannot scan it? Type this key into the app:',

  'carriedOver.beside': 'You started afresh; what was there is kept.',
  'carriedOver.beside.detail':
    'What was saved before is untouched and comes back when it can be opened. You will be asked then about what was not sent, so that nothing goes twice.',
  'carriedOver.damaged': 'What was saved on this computer was damaged and was made anew.',
  'carriedOver.damaged.detail':
    'The conversations come back from the server. The damaged file was set aside, not deleted.',
  'carriedOver.key_lost': 'The key of what was saved on this computer is lost.',
  'carriedOver.key_lost.detail':
    'The conversations come back from the server. What was there was set aside, but cannot be read without its key.',
  'carriedOver.lease': 'What was saved is deleted: this computer was offline for too long.',
  'carriedOver.lease.detail':
    'Only what you wrote and did not send was kept. Sign in again to go on.',
  'carriedOver.others': 'Somebody else signed in on this computer while you were away.',
  'carriedOver.others.detail':
    'What was saved was deleted and comes back from the server. What you wrote and did not send was kept.',
  'carriedOver.server_not_allowed': 'What was saved is deleted: the server was not allowed.',
  'carriedOver.server_not_allowed.detail':
    'Only what you wrote and did not send was kept. The rest comes back from the server.',
  'carriedOver.withdrawn': 'What was saved is deleted: access had been withdrawn.',
  'carriedOver.withdrawn.detail':
    'Only what you wrote and did not send was kept. The rest comes back from the server.',
  'carriedOver.lost':
    '{count, plural, one {One unsent thing could not be read.} other {# unsent things could not be read.}} Decide about the rest before it leaves.',
  'carriedOver.lostUnknown':
    'Something that you had not sent may be missing: not all of it could be read. Decide about what waits before it leaves.',
  'carriedOver.see': 'See what was kept',
  'carriedOver.seen': 'Understood',
  'carriedOver.unsent': '{count, plural, one {This was kept:} other {These # things were kept:}}',

  'locked.continue': 'Continue',
  'locked.discard': 'Discard',
  'locked.discardSure': 'Discard it for good',
  'locked.expired': 'Your session ended',
  'locked.expired.detail': 'What is saved is still here, locked. Sign in again to see it.',
  'locked.lease': 'This computer was offline for too long',
  'locked.lease.detail':
    'What was saved is deleted. Only what you wrote and did not send is left; it is back in its place when you sign in.',
  'locked.others': 'Somebody else signed in on this computer',
  'locked.others.detail':
    'What was saved is deleted. Only what you wrote and did not send is left; it is back in its place when you sign in.',
  'locked.server_not_allowed': 'This computer may not use {server} any more',
  'locked.server_not_allowed.detail':
    'IT has set another server, or that address is not encrypted. What was saved is deleted; copy what you wrote and did not send before you go on.',
  'locked.signIn': 'Sign in again',
  'locked.somebodyElse': 'Use another account',
  'locked.unsent':
    '{count, plural, one {One thing is unsent; it waits for you.} other {# things are unsent; they wait for you.}}',
  'locked.withdrawn': 'This computer’s access was withdrawn',
  'locked.withdrawn.detail':
    'What was saved is deleted. Only what you wrote and did not send is left: copy or discard it.',

  'sessionEnd.later': 'Later',
  'sessionEnd.now': 'Sign in again now',
  'sessionEnd.title': 'Your session ends {at}.',
  'sessionEnd.words': 'If you sign in again now, what is not sent yet stays.',
  'settings.checksSpelling': 'Check what I write',
  'settings.language': 'Language',
  'settings.spelling': 'Spelling',
  'settings.theme': 'Theme',
  'settings.title': 'Settings',
  'settings.version': 'Version {version}',

  'signOn.stopWaiting': 'Stop waiting',
  'signOn.waiting': 'Continue in your browser.',
  'signOn.waitingWords': '{name}’s sign-in has opened there. You come back here when you’re done.',
  'signOn.with': 'Sign in with {name}',
  'signedOut.device_revoked': 'This computer’s access was withdrawn.',
  'signedOut.device_revoked.detail': 'What was saved is deleted. Sign in again if you should.',
  'signedOut.server_not_allowed': 'This computer may no longer use its previous server.',
  'signedOut.server_not_allowed.detail':
    'IT has set another one, or its address was not encrypted. What was saved is deleted.',
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
  'signIn.unreachable': '{server} does not answer.',
  'signIn.unreachable.detail': 'Check the address and your connection.',

  'signOut.discard': 'Discard and sign out',
  'signOut.stay': 'Stay',
  'signOut.submit': 'Sign out',
  'signOut.title': 'Sign out',
  'signOut.unsent':
    '{count, plural, =0 {There is unsent work that would be lost.} one {This was not sent and would be lost:} other {These # were not sent and would be lost:}}',
  'signOut.words': 'What is saved on this computer is deleted. On the server nothing changes.',

  'spelling.de': 'German',
  'spelling.en-GB': 'English (United Kingdom)',
  'spelling.en-US': 'English (United States)',
  'spelling.es-MX': 'Spanish',
  'spelling.fr': 'French',
  'spelling.it': 'Italian',
  'spelling.pt-BR': 'Portuguese (Brazil)',

  'theme.dark': 'Dark',
  'theme.light': 'Light',
  'theme.system': 'The computer’s',
} satisfies Record<keyof typeof es, string>
