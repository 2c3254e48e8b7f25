// The floors of the house: base <- files, pool, ftp, accounts <- transfer, control <- far <- sync <- programs <- bin.
// Nothing imports upwards; the rules below name what each floor may not see.
const programs = ['mirror', 'server', 'client', 'admin', 'share'];
const floors = [['base'], ['files', 'pool', 'ftp', 'accounts'], ['transfer', 'control'], ['far'], ['sync'], programs];

const upward = floors.flatMap((floor, height) =>
  floor.map((name) => ({
    name: `${name}-looks-up`,
    severity: 'error',
    comment: `${name} is on floor ${height}: it may import lower floors and itself, nothing beside or above it`,
    from: { path: `^lib/${name}/` },
    to: {
      path: `^lib/(${floors
        .slice(height)
        .flat()
        .filter((other) => other !== name)
        .join('|')})/`,
    },
  })),
);

const doors = {
  log4js: '^lib/base/logger\\.ts$',
  minimist: '^lib/base/command-line\\.ts$',
  picomatch: '^lib/files/filter\\.ts$',
  workerpool: '^lib/pool/(seat|serve-jobs)\\.ts$',
  'basic-ftp': '^lib/far/',
};

module.exports = {
  forbidden: [
    ...upward.filter((rule) => !rule.to.path.includes('()')),
    ...Object.entries(doors).map(([name, door]) => ({
      name: `${name}-has-one-door`,
      severity: 'error',
      comment: `${name} may be imported only by ${door}`,
      from: { path: '^lib/', pathNot: door },
      to: { path: `^node_modules/(@types/)?${name}/` },
    })),
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'No cycles, type imports included',
      from: {},
      to: { circular: true },
    },
    {
      name: 'entries-are-not-imported',
      severity: 'error',
      comment: 'A main or a worker acts when it is loaded or run: it is named by its address, never imported',
      from: { path: '^lib/' },
      to: { path: '(-worker|^lib/[^/]+/main)\\.ts$' },
    },
    {
      name: 'workers-do-not-see-their-parent',
      severity: 'error',
      comment: 'A worker knows its contract and serve-jobs; the parent half of the pool is not its business',
      from: { path: '-worker\\.ts$' },
      to: { path: '^lib/(pool/process-pool|far/talk-to-ftp-multi)\\.ts$', reachable: true },
    },
    {
      name: 'unresolvable',
      severity: 'error',
      comment: 'An import that cannot be found would be checked by no rule',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // TypeScript 7 has no JavaScript interface: with the default parser nothing is read and all is reported well.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'require', 'default'] },
  },
};
