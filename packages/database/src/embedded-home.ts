import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { spawnIdentity, type ServerUser } from './embedded-binaries.ts'
import { DatabaseError, isSystemError } from './database-error.ts'

/** Where root puts a cluster that its unprivileged user could not reach at the place that was asked for. */
const SHARED_STATE_FOLDER = '/var/lib/parley'

/**
 * The account for PostgreSQL: undefined (ourselves) unless we are root; then `postgres`, else `nobody`.
 * @throws DatabaseError `embedded-user-missing`
 */
export async function chooseServerUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const accounts = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .map((line) => line.split(':'))
  for (const wanted of ['postgres', 'nobody']) {
    const account = accounts.find(([name]) => name === wanted)
    const [name, , uid, gid] = account ?? []
    if (name !== undefined && Number(uid) > 0) return { name, uid: Number(uid), gid: Number(gid) }
  }
  throw new DatabaseError(
    'embedded-user-missing',
    'PostgreSQL does not run as root, and this machine has no user "postgres" or "nobody" for it; create one (useradd --system postgres) or run Parley as another user',
  )
}

/**
 * The folder that really holds the cluster: `dataDir` itself, or, where the server's user cannot reach that
 * (a checkout below a folder that only root may enter), a folder of its own which `dataDir/location.json` names.
 * Deleting `dataDir` therefore always means starting afresh.
 */
export async function openHome(
  dataDir: string,
  user: ServerUser | undefined,
  onProgress: (line: string) => void,
): Promise<string> {
  const folder = resolve(dataDir)
  await mkdir(folder, { recursive: true })
  const recorded = await readLocation(folder)
  if (recorded !== undefined) return recorded
  if (user === undefined || canEnter(folder, user)) return folder
  return await createHomeElsewhere(folder, onProgress)
}

/** The home of `dataDir` if it has one, without creating anything. */
export async function findHome(dataDir: string): Promise<string> {
  const folder = resolve(dataDir)
  return (await readLocation(folder)) ?? folder
}

async function createHomeElsewhere(
  folder: string,
  onProgress: (line: string) => void,
): Promise<string> {
  const home = join(SHARED_STATE_FOLDER, randomBytes(8).toString('hex'))
  await mkdir(home, { recursive: true })
  await chmod(SHARED_STATE_FOLDER, 0o755)
  await chmod(home, 0o755)
  const staged = join(folder, `location.json.${process.pid}`)
  await writeFile(staged, `${JSON.stringify({ home }, null, 2)}\n`, { mode: 0o600 })
  await rename(staged, join(folder, 'location.json'))
  onProgress(`PostgreSQL's user cannot enter ${folder}; its data are in ${home}`)
  return home
}

async function readLocation(folder: string): Promise<string | undefined> {
  try {
    const { home } = JSON.parse(await readFile(join(folder, 'location.json'), 'utf8')) as {
      home?: unknown
    }
    if (typeof home === 'string') return home
  } catch (error) {
    if (isSystemError(error) && ['ENOENT', 'ENOTDIR'].includes(error.code ?? '')) return undefined
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new DatabaseError(
    'embedded-folder-broken',
    `${join(folder, 'location.json')} does not say where PostgreSQL's data are`,
  )
}

function canEnter(folder: string, user: ServerUser): boolean {
  const { status } = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], {
    ...spawnIdentity(user),
    stdio: 'ignore',
  })
  return status === 0
}

/** Writes a file that only its owner may read (0600), replacing it in one step. */
export async function writeSecretFile(
  path: string,
  content: string,
  owner?: ServerUser,
): Promise<void> {
  const staged = `${path}.${process.pid}`
  await writeFile(staged, content, { mode: 0o600 })
  await chmod(staged, 0o600)
  if (owner !== undefined) await chown(staged, owner.uid, owner.gid)
  await rename(staged, path)
}
