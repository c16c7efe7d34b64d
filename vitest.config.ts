import { defineConfig } from 'vitest/config';

const report = process.env.VITEST_REPORT;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
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
