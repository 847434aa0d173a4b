import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BIN = process.env.SEATLINE_BIN ?? join(import.meta.dirname, "../../target/debug/seatline");

/** A real server with a data folder of its own, stopped by its own process id. */
export class Server {
  url = "";
  sipPort = 0;
  code = "";
  #child?: ChildProcess;
  #listen = "127.0.0.1:0";
  #sip = "127.0.0.1:0";

  private constructor(
    readonly data: string,
    private readonly args: string[],
  ) {}

  static async start(args: string[] = []) {
    const server = new Server(mkdtempSync(join(tmpdir(), "seatline-e2e-")), args);
    await server.boot();
    return server;
  }

  /** Starts it on the folder, and on the same ports as before. `site`: another build of the pages. */
  async boot(site = process.env.SEATLINE_SITE) {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#boot(site);
      } catch (error) {
        // Somebody else may have such a port for a moment.
        if (tries === 10 || !/in use/.test(String(error))) throw error;
        await new Promise((done) => setTimeout(done, 500));
      }
    }
  }

  async #boot(site?: string) {
    const child = spawn(BIN, ["--data", this.data, "--listen", this.#listen, "--sip-listen", this.#sip, ...this.args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...(site && { SEATLINE_SITE: site }), NO_COLOR: "1" },
    });
    this.#child = child;
    let said = "";
    await new Promise<void>((done, fail) => {
      const late = setTimeout(() => fail(new Error(`the server says nothing:\n${said}`)), 30_000);
      const hear = (chunk: Buffer) => {
        said += chunk;
        // The announcement is written at once, ending in the last line.
        if (/^ {2}data .*\n/m.test(said)) {
          clearTimeout(late);
          done();
        }
      };
      child.stdout!.on("data", hear);
      child.stderr!.on("data", (chunk) => {
        said += chunk;
        if (process.env.SEATLINE_SHOW) process.stderr.write(chunk);
      });
      child.on("exit", (code) => fail(new Error(`the server ended with ${code}:\n${said}`)));
    });
    this.url = /pages +(http\S+)/.exec(said)![1];
    this.sipPort = Number(/phones +sip:\S*:(\d+) /.exec(said)![1]);
    this.#listen = new URL(this.url).host;
    this.#sip = `127.0.0.1:${this.sipPort}`;
    this.code = /good once and for an hour:\n(\S+)/.exec(said)?.[1] ?? this.code;
  }

  /** Runs a command on its data folder, beside it, and answers what was printed. */
  async command(args: string[], input = "") {
    const child = spawn(BIN, [...args, "--data", this.data], { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1" } });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
    // A command that reads nothing may have ended before it is told anything.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    const code = await new Promise((done) => child.once("close", done));
    if (code !== 0) throw new Error(`${args.join(" ")}: ended with ${code}:\n${said}`);
    return said;
  }

  async stop(signal: NodeJS.Signals = "SIGTERM") {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    const late = setTimeout(() => child.kill("SIGKILL"), 30_000);
    await gone;
    clearTimeout(late);
  }

  async remove() {
    await this.stop("SIGKILL");
    rmSync(this.data, { recursive: true, force: true });
  }
}
