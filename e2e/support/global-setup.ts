import { join } from 'node:path'

import setUpTestServer from '@parley/database/testing-global-setup'

import { ROOT, buildIfNeeded } from './workstation.ts'

/** What all workers share: one build, one PostgreSQL to clone worlds on. Returns what takes it down again. */
export default async function setUp(): Promise<() => Promise<void>> {
  // Every workstation and server is a process of its own, and would compile the same sources anew.
  process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, '.parley/compile-cache')
  buildIfNeeded()
  return setUpTestServer()
}
