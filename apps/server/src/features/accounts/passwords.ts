import { hash, verify } from '@node-rs/argon2'

import { Failure } from '../../platform/failure.ts'
import { FairShare } from '../../platform/fair-share.ts'

/**
 * Passwords that are hashed at once. Each takes a thread and 19 MB on purpose; threads are left for files and names,
 * and who comes beyond those that wait is asked to come again.
 */
const AT_ONCE = 2
const WAITING = 100

/** In the place of a hash: nobody gets in with a password. */
export const NO_PASSWORD = '*'

/** Of a password, what is left after what everybody knows of its person is taken out. */
const LEAST_UNKNOWN_LETTERS = 6
const LEAST_DIFFERENT_LETTERS = 5
/** Of what is known of a person: shorter parts are in many words by chance. */
const SHORTEST_PART = 4

export interface Passwords {
  hash(password: string): Promise<string>
  /** @param stored null: of nobody, and it takes as long, so that the time does not tell who exists */
  verify(stored: string | null, password: string): Promise<boolean>
}

export function createPasswords(): Passwords {
  const share = new FairShare({ atOnce: AT_ONCE, waiting: WAITING })
  const nobodys = hash('nobody has this password')
  return {
    hash: (password) => share.run('', () => hash(composed(password))),
    async verify(stored, password) {
      const isReal = stored !== null && stored !== NO_PASSWORD
      const against = isReal ? stored : await nobodys
      return (await share.run('', () => verify(against, composed(password)))) && isReal
    },
  }
}

/** The same letters whichever keyboard or system composed them. */
function composed(password: string): string {
  return password.normalize('NFKC')
}

/**
 * Length decides, as NIST SP 800-63B and ASVS 5 ask; there is no rule of what it is made of, and it never ends. Refused
 * is what guessers try first: what many people use, with whatever stands around it, and what is known of the person.
 * @param known their name, address and the like
 * @throws Failure `weak_password`
 */
export async function requireGoodPassword(
  password: string,
  known: readonly string[],
  minLength: number,
): Promise<void> {
  if ([...composed(password)].length < minLength) {
    throw new Failure('weak_password', { problem: 'too_short', minLength })
  }
  const plain = folded(password)
  if (new Set(plain).size < LEAST_DIFFERENT_LETTERS) {
    throw new Failure('weak_password', { problem: 'repetitive' })
  }
  const common = await commonPasswords()
  if (common.has(plain) || common.has(withoutTrimmings(plain))) {
    throw new Failure('weak_password', { problem: 'too_common' })
  }
  let unknown = plain
  for (const part of partsOf(known)) unknown = unknown.replaceAll(part, '')
  if (unknown !== plain && unknown.replaceAll(/[^\p{L}]/gu, '').length < LEAST_UNKNOWN_LETTERS) {
    throw new Failure('weak_password', { problem: 'personal' })
  }
}

/** "¡Contraseña2026!" is "contrasena" with what everybody puts around it. */
function withoutTrimmings(plain: string): string {
  return plain.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
}

function folded(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

/** The longest first, so that a part of a part is not left behind. */
function partsOf(known: readonly string[]): string[] {
  return [...known, 'parley']
    .flatMap((text) => folded(text).split(/[^\p{L}\p{N}]+/u))
    .filter((part) => part.length >= SHORTEST_PART)
    .toSorted((one, other) => other.length - one.length)
}

let loaded: Promise<ReadonlySet<string>> | undefined

/** 49,000 of those that were used most in what has leaked; read when somebody first chooses a password. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  loaded ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].map(String)),
  )
  return loaded
}
