import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    globalSetup: ['./src/testing-global-setup.ts'],
    // Real servers are started, killed and restarted here.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
