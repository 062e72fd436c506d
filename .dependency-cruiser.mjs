/** Who may import whom; docs/ARCHITECTURE.md tells why. */
const INSIDE_TESTS = '(\\.test\\.tsx?$|/testing/|/test/)'

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'domain-is-pure',
      comment:
        'Rules do no I/O and know no library but those that know time zones and phone numbers, each in one file.',
      severity: 'error',
      from: { path: '^packages/domain/src', pathNot: INSIDE_TESTS },
      to: { pathNot: ['^packages/domain/src', 'temporal-polyfill', 'libphonenumber-js'] },
    },
    {
      name: 'phone-numbers-in-one-file',
      severity: 'error',
      from: { path: '^packages/domain/src', pathNot: ['phone-number\\.ts$', INSIDE_TESTS] },
      to: { path: 'libphonenumber-js' },
    },
    {
      name: 'time-zones-in-one-file',
      severity: 'error',
      from: { path: '^packages/domain/src', pathNot: ['wall-clock\\.ts$', INSIDE_TESTS] },
      to: { path: 'temporal-polyfill' },
    },
    {
      name: 'contracts-know-the-domain-only',
      severity: 'error',
      from: { path: '^packages/contracts/src', pathNot: INSIDE_TESTS },
      to: { pathNot: ['^packages/(contracts|domain)/src', 'node_modules/zod'] },
    },
    {
      name: 'only-the-server-has-the-database',
      comment: 'Bench, end-to-end tests, demo and simulator may, too.',
      severity: 'error',
      from: { path: '^(apps/desktop|packages/(domain|contracts)|tools/chromium-host)/' },
      to: { path: '^packages/database' },
    },
    {
      name: 'the-only-edge-between-apps-is-a-type',
      severity: 'error',
      from: { path: '^apps/desktop' },
      to: { path: '^apps/server', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-server-knows-no-desktop',
      severity: 'error',
      from: { path: '^apps/server' },
      to: { path: '^apps/desktop' },
    },
    {
      name: 'platform-knows-no-feature',
      severity: 'error',
      from: { path: '^apps/server/src/platform' },
      to: { path: '^apps/server/src/(features|http|trpc)' },
    },
    {
      name: 'features-know-neither-http-nor-trpc',
      severity: 'error',
      from: { path: '^apps/server/src/features', pathNot: INSIDE_TESTS },
      to: { path: '^apps/server/src/(http|trpc|main|server|env)' },
    },
    {
      name: 'a-feature-is-entered-by-its-index',
      severity: 'error',
      from: { path: '^apps/server/src/features/([^/]+)/', pathNot: INSIDE_TESTS },
      to: {
        path: '^apps/server/src/features/([^/]+)/.+',
        pathNot: ['^apps/server/src/features/$1/', '^apps/server/src/features/[^/]+/index\\.ts$'],
      },
    },
    {
      name: 'from-outside-a-feature-is-entered-by-its-index',
      severity: 'error',
      from: { path: '^apps/server/src/(http|trpc|[^/]+\\.ts$)' },
      to: {
        path: '^apps/server/src/features/',
        pathNot: '^apps/server/src/features/[^/]+/index\\.ts$',
      },
    },
    {
      name: 'sync-knows-no-feature',
      comment: 'It carries what features declare as their kinds.',
      severity: 'error',
      from: { path: '^apps/server/src/features/sync/', pathNot: INSIDE_TESTS },
      to: { path: '^apps/server/src/features/(?!sync/)' },
    },
    {
      name: 'only-main-reads-the-environment',
      severity: 'error',
      from: { path: '^apps/server/src', pathNot: ['^apps/server/src/main\\.ts$', INSIDE_TESTS] },
      to: { path: '^apps/server/src/env\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-renderer-talks-through-the-bridge',
      severity: 'error',
      from: { path: '^apps/desktop/src/renderer', pathNot: INSIDE_TESTS },
      to: {
        path: [
          '^apps/desktop/src/(engine|main|preload)',
          '^(node:|electron$|fs$|path$)',
          'node_modules/electron',
        ],
      },
    },
    {
      name: 'the-window-checks-nothing',
      comment:
        'Shapes and what checks them would be loaded before the first paint; the engine has checked.',
      severity: 'error',
      from: { path: '^apps/desktop/src/renderer', pathNot: INSIDE_TESTS },
      to: {
        path: ['^packages/contracts/src', 'node_modules/zod'],
        pathNot: '^packages/contracts/src/values\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'the-window-knows-no-feature',
      comment: 'Features come to it by `features.ts`, which the pages hand in.',
      severity: 'error',
      from: {
        path: '^apps/desktop/src/renderer/(app|bridge|contributions|i18n|styles|ui)/',
        pathNot: INSIDE_TESTS,
      },
      to: { path: '^apps/desktop/src/renderer/(features/|(features|main|escalation)\\.tsx?$)' },
    },
    {
      name: 'a-feature-of-the-window-is-entered-by-its-index',
      severity: 'error',
      from: { path: '^apps/desktop/src/renderer/features/([^/]+)/', pathNot: INSIDE_TESTS },
      to: {
        path: '^apps/desktop/src/renderer/features',
        pathNot: [
          '^apps/desktop/src/renderer/features/$1/',
          '^apps/desktop/src/renderer/features/[^/]+/index\\.ts$',
        ],
      },
    },
    {
      name: 'pages-enter-a-feature-by-its-index',
      severity: 'error',
      from: { path: '^apps/desktop/src/renderer/[^/]+\\.tsx?$', pathNot: INSIDE_TESTS },
      to: {
        path: '^apps/desktop/src/renderer/features/',
        pathNot: '^apps/desktop/src/renderer/features/[^/]+/index\\.ts$',
      },
    },
    {
      name: 'the-window-has-no-cycles',
      comment:
        'Not even of types: what all features bring is merged into `contributed.ts`, which imports nothing.',
      severity: 'error',
      from: { path: '^apps/desktop/src/renderer/' },
      to: { circular: true },
    },
    {
      name: 'main-never-touches-the-cache',
      severity: 'error',
      from: { path: '^apps/desktop/src/main' },
      to: {
        path: [
          'better-sqlite3',
          '^apps/desktop/src/engine/(?!protocol\\.ts|host\\.ts|engine\\.ts)',
        ],
      },
    },
    {
      name: 'the-engine-knows-no-electron',
      severity: 'error',
      from: { path: '^apps/desktop/src/engine' },
      to: {
        path: ['node_modules/electron', '^electron$', '^apps/desktop/src/(main|renderer|preload)'],
      },
    },
    {
      name: 'what-carries-engine-features-knows-none',
      severity: 'error',
      from: {
        path: '^apps/desktop/src/engine/(store|sync|outbox|session)/',
        pathNot: INSIDE_TESTS,
      },
      to: { path: '^apps/desktop/src/engine/features' },
    },
    {
      name: 'an-engine-feature-is-entered-by-its-index',
      severity: 'error',
      from: { path: '^apps/desktop/src/engine/features/([^/]+)/', pathNot: INSIDE_TESTS },
      to: {
        path: '^apps/desktop/src/engine/features/([^/]+)/.+',
        pathNot: [
          '^apps/desktop/src/engine/features/$1/',
          '^apps/desktop/src/engine/features/[^/]+/index\\.ts$',
        ],
      },
    },
    {
      name: 'from-outside-an-engine-feature-is-entered-by-its-index',
      severity: 'error',
      from: { path: '^apps/desktop/src/(engine/[^/]+\\.ts$|preview/)', pathNot: INSIDE_TESTS },
      to: {
        path: '^apps/desktop/src/engine/features/',
        pathNot: '^apps/desktop/src/engine/features/[^/]+/index\\.ts$',
      },
    },
    {
      name: 'the-preview-is-for-development-alone',
      severity: 'error',
      from: { path: '^apps/desktop/src/(engine|main|preload|renderer)/' },
      to: { path: '^apps/desktop/src/preview/' },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/out/', '/dist/'] },
    exclude: { path: ['/out/', '/test-results/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
