// What a change can break, worked out from who imports whom. Wrong on the safe side: what it cannot place means
// everything.

/** Whatever these say, everything stands on it. */
const GROUND = [
  /^scripts\//,
  /(^|\/)package\.json$/,
  /^pnpm-(lock|workspace)\.yaml$/,
  /(^|\/)tsconfig[^/]*\.json$/,
  /\.config\.[cm]?[jt]s$/,
  /^(turbo|knip)\.json$/,
  /^electron-builder\.yml$/,
  /^\.[^/]+(\/|$)/,
  /\/migrations\//,
  /^e2e\/support\/global-setup\.ts$/,
]
const DOCUMENTS = [/^docs\//, /(^|\/)README\.md$/, /^LICENSE$/]

const PACKAGE = /^((?:apps|packages|tools)\/[^/]+|bench|e2e)\//
const FOR_TESTS = /\.(test|fake|e2e)\.tsx?$|\/testing\/|\/testing[^/]*\.ts$|\/test\/|^e2e\//
/** What starts programs of the product by their paths, which no import shows. */
const STARTERS = /^(e2e|bench|tools)\//

/** Files of tests, by step. */
const TESTS = {
  unit: (file) => /\.test\.tsx?$/.test(file) && !file.endsWith('.pg.test.ts'),
  pg: (file) => file.endsWith('.pg.test.ts'),
  e2e: (file) => file.startsWith('e2e/') && file.endsWith('.spec.ts'),
}

/**
 * @typedef {Map<string, { imports: string[], looksAround: boolean }>} Graph every source file: what it imports,
 *   and whether it finds further files by its own place, which may then be any of its package
 * @typedef {{ only?: string[], why: string } | { skipped: string }} Choice `only`: files of tests, or folders
 *   of packages; without it the whole step
 */

/**
 * @param {string[]} changed paths relative to the root, with slashes; deleted ones included
 * @param {Graph} graph
 * @param {string[]} steps
 * @returns {Record<string, Choice>}
 */
export function selectChecks(changed, graph, steps) {
  const ground = changed.find((file) => isGround(file, graph))
  if (ground !== undefined) return ofEach(steps, () => ({ why: `${ground} has changed` }))
  const code = changed.filter((file) => !matches(file, DOCUMENTS))
  const reached = reach(code, graph)
  return ofEach(steps, (step) => choose(step, code, reached))
}

function isGround(file, graph) {
  if (matches(file, GROUND)) return true
  return !matches(file, DOCUMENTS) && !graph.has(file) && !PACKAGE.test(file)
}

/** The changed files and all that stand on them. */
function reach(changed, graph) {
  const dependents = new Map()
  const lookers = new Map()
  const starters = []
  for (const [file, { imports, looksAround }] of graph) {
    for (const imported of imports) append(dependents, imported, file)
    if (!looksAround) continue
    if (STARTERS.test(file)) starters.push(file)
    else append(lookers, packageOf(file), file)
  }
  const reached = new Set()
  const ahead = changed.flatMap((file) =>
    // What nobody imports, a picture or a deleted file, may be anybody's of its package.
    graph.has(file) ? [file] : filesOf(packageOf(file), graph),
  )
  for (let file = ahead.pop(); file !== undefined; file = ahead.pop()) {
    if (reached.has(file)) continue
    reached.add(file)
    ahead.push(...(dependents.get(file) ?? []))
    if (isTest(file)) continue
    ahead.push(...(lookers.get(packageOf(file)) ?? []))
    if (!FOR_TESTS.test(file)) ahead.push(...starters)
  }
  return reached
}

/** @returns {Choice} */
function choose(step, changed, reached) {
  switch (step) {
    case 'format':
    case 'lint':
      return { why: 'it is quick' }
    case 'dependencies':
    case 'dead-code':
      return changed.length > 0 ? { why: 'it sees the whole' } : { skipped: 'no code has changed' }
    case 'types':
      return some([...new Set([...reached].map(packageOf))].toSorted(), 'packages')
    case 'unit':
    case 'pg':
    case 'e2e':
      return some([...reached].filter(TESTS[step]).toSorted(), 'files of tests')
    case 'desktop-build':
      return [...reached].some((file) => file.startsWith('apps/desktop/'))
        ? { why: 'the workstation is reached' }
        : { skipped: 'the workstation is not reached' }
    case 'chromium-host':
      return changed.some((file) => /^(tools\/chromium-host|apps\/desktop\/src\/main)\//.test(file))
        ? { why: 'the stand-in, or main, which runs on it, has changed' }
        : { skipped: 'neither the stand-in nor main, which runs on it, has changed' }
    case 'simulation':
      return reached.has('tools/simulate-sync/src/main.ts')
        ? { why: 'what it simulates is reached' }
        : { skipped: 'nothing that it simulates is reached' }
    default:
      return { why: 'nothing is known of what it depends on' }
  }
}

function isTest(file) {
  return Object.values(TESTS).some((isOne) => isOne(file))
}

function some(only, what) {
  return only.length > 0
    ? { only, why: `${only.length} ${what} reached` }
    : { skipped: `no ${what} reached` }
}

function packageOf(file) {
  return PACKAGE.exec(file)?.[1] ?? ''
}

function filesOf(folder, graph) {
  return [...graph.keys()].filter((file) => packageOf(file) === folder)
}

function matches(file, patterns) {
  return patterns.some((pattern) => pattern.test(file))
}

function append(lists, key, item) {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}

function ofEach(steps, chooseOne) {
  return Object.fromEntries(steps.map((step) => [step, chooseOne(step)]))
}
