import { defineConfig } from "@playwright/test";

// One worker a core; each has a server, a database and a registrar of its own.
export default defineConfig({
  testDir: "tests",
  fullyParallel: true,
  workers: 2,
  // A machine that builds beside it may be slow; a scenario that fails twice is broken.
  retries: process.env.CI ? 1 : 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [[process.env.CI ? "dot" : "list"], ["./lib/closing.ts"]],
  use: {
    trace: "on-first-retry",
    screenshot: "only-on-failure",
    viewport: { width: 1360, height: 1000 },
    launchOptions: {
      executablePath: process.env.SEATLINE_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
