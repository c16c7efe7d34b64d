import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A red or slow machine must not turn a timing into a failure: only a hang ends a test.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: process.env['VITEST_REPORT']
      ? ['default', ['json', { outputFile: process.env['VITEST_REPORT'] }]]
      : ['default'],
    env: { TZ: 'America/New_York', NO_COLOR: undefined as unknown as string },
  },
});
