import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Tests that need a document say so on their first line: `// @vitest-environment happy-dom`.
    environment: "node",
    include: ["tests/**/*.test.ts"],
    restoreMocks: true,
  },
});
