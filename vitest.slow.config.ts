import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.js';

/** What takes minutes: fresh clones, other accounts, waits that a person would also have. `npm run test:slow` */
const { include: _, exclude: __, ...test } = base.test ?? {};

export default mergeConfig(
  { ...base, test },
  defineConfig({
    test: { include: ['test/slow/**/*.test.ts'], testTimeout: 400_000 },
  }),
);
