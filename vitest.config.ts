import { defineConfig } from 'vitest/config';

const report = process.env.VITEST_REPORT;

export default defineConfig({
  test: {
    projects: [
      // These keep nothing in modules, so that one process may run many files: starting one for each took as long as half of them.
      { extends: true, test: { name: 'inside', include: ['test/{unit,cli,contract}/**/*.test.ts'], isolate: false } },
      { extends: true, test: { name: 'whole', include: ['test/{e2e,docs}/**/*.test.ts'] } },
    ],
    // A slow machine must not turn a timing into a failure: only a hang ends a test.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    // Many tests wait for other processes: two files at a time also on two cores.
    maxWorkers: 2,
    // Far from Beijing, so that nothing works by the zone of the machine.
    env: { TZ: 'America/New_York' },
  },
});
