import { defineConfig } from 'vitest/config';

/** One copy of graphql: vite would pick its index.mjs where the packages pick index.js. */
export const resolveGraphqlOnce = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] };

export default defineConfig({
  resolve: resolveGraphqlOnce,
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/slow/**'],
    globalSetup: ['test/global-setup.ts'],
    // Six times what the slowest takes on a quiet machine: the time is there to end what hangs, not to measure.
    testTimeout: 180_000,
    hookTimeout: 600_000,
    teardownTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
