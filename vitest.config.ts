import { defineConfig } from 'vitest/config';

/** One copy of graphql: vite would pick its index.mjs where the packages pick index.js. */
export const resolveGraphqlOnce = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] };

export default defineConfig({
  resolve: resolveGraphqlOnce,
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/slow/**'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 240_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
