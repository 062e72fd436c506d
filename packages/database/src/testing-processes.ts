import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type Finished = { code: number | null; stdout: string; stderr: string }

/** Starts a TypeScript file of this package in a Node process of its own. */
export function startScript(
  file: string,
  args: string[],
  env: Record<string, string | undefined> = {},
): ChildProcess {
  const path = fileURLToPath(new URL(file, import.meta.url))
  return spawn(process.execPath, [path, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Runs it to its end. */
export async function runScript(
  file: string,
  args: string[],
  env: Record<string, string | undefined> = {},
): Promise<Finished> {
  const child = startScript(file, args, env)
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail)
    child.once('close', (status) => done(status))
  })
  return { code, stdout, stderr }
}
