import { describe, expect, it } from 'vitest'

/** The page's types know nothing of Node, and shall not; only this test reads files. */
interface Files {
  readFileSync: (path: URL, encoding: 'utf8') => string
  readdirSync: (path: URL, options: { recursive: true }) => string[]
}
const files = (await import('node:fs' as string)) as Files
const root = new URL('../', import.meta.url)
const read = (path: string) => files.readFileSync(new URL(path, root), 'utf8')
const paths = files.readdirSync(root, { recursive: true })

const withoutComments = (css: string) =>
  css.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/:global\([^)]*\)/g, '')
const classesOf = (css: string) =>
  new Set([...css.matchAll(/\.([a-zA-Z_][\w-]*)/g)].map((match) => match[1] ?? ''))

const modules = new Map(
  paths
    .filter((path) => path.endsWith('.module.css'))
    .map((path) => [path, withoutComments(read(path))]),
)

/** Which file imports which module under which name. */
const uses = paths
  .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.'))
  .flatMap((path) => {
    const code = read(path)
    return [...code.matchAll(/import (\w+) from '([^']+\.module\.css)'/g)].map((match) => ({
      path,
      code,
      name: match[1] ?? '',
      module: new URL(match[2] ?? '', new URL(path, 'file:///')).pathname.slice(1),
    }))
  })

describe('class names', () => {
  it('exist where they are used', () => {
    const missing = uses.flatMap(({ path, code, name, module }) => {
      const known = classesOf(modules.get(module) ?? '')
      const used = [
        ...code.matchAll(new RegExp(`(?<![.\\w/'-])${name}\\.([a-zA-Z_]\\w*)`, 'g')),
      ].map((match) => match[1] ?? '')
      return used.filter((one) => !known.has(one)).map((one) => `${path}: ${name}.${one}`)
    })
    expect(missing).toEqual([])
  })

  it('are used where they exist', () => {
    const unused = [...modules].flatMap(([path, css]) => {
      const users = uses.filter(({ module }) => module === path)
      // Names put together from a value cannot be followed: such modules are trusted.
      if (users.some(({ code, name }) => code.includes(`${name}[`))) return []
      const isUsed = (one: string) =>
        users.some(({ code, name }) => new RegExp(`\\b${name}\\.${one}\\b`).test(code))
      return [...classesOf(css)].filter((one) => !isUsed(one)).map((one) => `${path}: .${one}`)
    })
    expect(unused).toEqual([])
  })
})

describe('colours and sizes', () => {
  it('are named by the tokens alone', () => {
    for (const [path, css] of modules)
      expect(`${path} ${css}`).not.toMatch(/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/i)
  })

  it('use only tokens that exist', () => {
    const declaredIn = (css: string) => [...css.matchAll(/(--[\w-]+):/g)].map((match) => match[1])
    const known = new Set(declaredIn(read('styles/tokens.css')))
    // Which surface a presence mark stands on; set by the surface.
    known.add('--under')
    for (const [path, css] of modules) {
      const own = new Set(declaredIn(css))
      const unknown = [...css.matchAll(/var\((--[\w-]+)/g)]
        .map((match) => match[1])
        // Radix measures, and says so by names of its own.
        .filter((name) => !known.has(name) && !own.has(name) && !name?.startsWith('--radix-'))
      expect([path, unknown]).toEqual([path, []])
    }
  })
})
