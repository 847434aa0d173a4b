import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import type { Api } from "./api.ts";
import { expect, violations } from "./test.ts";

/** A browser with a profile that outlives its process, killed by its own process id. */
export class Mortal {
  readonly #dir = mkdtempSync(join(tmpdir(), "seatline-profile-"));
  #child?: ChildProcess;
  #browser?: Browser;
  #violated: string[][] = [];

  /** Starts it, signed in, with one empty tab. */
  async start(api: Api): Promise<Page> {
    const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
    const child = spawn(process.env.SEATLINE_CHROMIUM ?? "/usr/bin/chromium", [...flags, "--remote-debugging-port=0", `--user-data-dir=${this.#dir}`, "about:blank"], { stdio: ["ignore", "ignore", "pipe"], detached: true });
    this.#child = child;
    const address = await new Promise<string>((done, fail) => {
      let said = "";
      child.stderr!.on("data", (chunk) => {
        said += chunk;
        const found = /DevTools listening on (ws:\S+)/.exec(said);
        if (found) done(found[1]);
      });
      child.once("exit", () => fail(new Error(`the browser ended:\n${said}`)));
    });
    this.#browser = await chromium.connectOverCDP(address);
    const context = this.#browser.contexts()[0];
    this.#violated.push(violations(context));
    const [name, value] = api.cookie.split(/=(.*)/s);
    await context.addCookies([{ name, value, url: api.url, httpOnly: true, sameSite: "Lax", expires: Date.now() / 1000 + 86_400 }]);
    return context.newPage();
  }

  /** As a crash would end it. */
  async kill() {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once("exit", done));
    // With the processes that it started: they write into its profile.
    process.kill(-child.pid!, "SIGKILL");
    await gone;
    await this.#browser?.close().catch(() => {});
  }

  async remove() {
    await this.kill();
    expect(this.#violated.flat(), "no page and no worker violates its policy").toEqual([]);
    rmSync(this.#dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
