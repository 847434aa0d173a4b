import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, Peer } from "./peers.ts";
import type { Login } from "./phone.ts";

type Options = {
  userAgent?: string;
  bind?: string;
  /** What it answers to a NOTIFY: `603 Decline`. */
  status?: string;
  /** Whether it answers OPTIONS; it does when left out. */
  options?: boolean;
  /** Asks for a password before it does what a NOTIFY says, and takes none. */
  challenge?: boolean;
};

let boots = 0;

/** A desk phone played by SIPp: one run registers, another answers on the same port until it is told to be silent. */
export class SippPhone {
  #boot = ++boots;
  #cseq = 1;
  #answers?: Peer;
  readonly #folder = mkdtempSync(join(tmpdir(), "seatline-sipp-"));

  private constructor(
    readonly login: Login,
    readonly server: number,
    readonly port: number,
    private readonly options: Options,
  ) {}

  static async start(login: Login, server: number, options: Options = {}) {
    return new SippPhone(login, server, await freePort(), options);
  }

  get #ip() {
    return this.options.bind ?? "127.0.0.1";
  }

  get address() {
    return `${this.#ip}:${this.port}`;
  }

  #run(scenario: string, keys: Record<string, string>, more: string[] = []) {
    // SIPp wants to read a status code where it stands, and a line where it begins.
    const text = readFileSync(join(import.meta.dirname, `../sip/${scenario}.xml`), "utf8");
    const file = join(this.#folder, `${scenario}.xml`);
    writeFileSync(file, text.replaceAll("[status]", this.options.status ?? "200 OK").replaceAll("[proof]", this.#proof));
    const { username, realm, password } = this.login;
    const all = { username, realm, agent: this.options.userAgent ?? "Yealink SIP-T54W 96.86.0.70", ...keys };
    const args = [`127.0.0.1:${this.server}`, "-sf", file, "-t", "u1", "-i", this.#ip, "-p", String(this.port)];
    args.push("-nostdin", "-timeout", "90s", "-au", username, "-ap", password, "-trace_msg", "-message_file", join(this.#folder, `${scenario}.log`), "-message_overwrite", "false", ...more);
    return Peer.run("sipp", [...args, ...Object.entries(all).flatMap(([key, value]) => ["-key", key, value])], this.#folder);
  }

  /** Registers (0: leaves) and answers the final status. */
  async register(expires = 360): Promise<number> {
    await this.hush();
    const run = this.#run("desk", { expires: String(expires), first: String(this.#cseq++), second: String(this.#cseq++) }, ["-m", "1", "-cid_str", `boot${this.#boot}-${process.pid}@${this.#ip}`]);
    const code = await run.ended;
    const statuses = [...this.heard("desk").matchAll(/^SIP\/2\.0 (\d{3})/gm)];
    if (code !== 0 || !statuses.length) throw new Error(`SIPp ended with ${code}: ${run.said}`);
    const status = Number(statuses.at(-1)![1]);
    if (status === 200 && expires) this.#answer();
    return status;
  }

  /** The last proof, as it went out. */
  get #proof() {
    return [...this.heard("desk").matchAll(/^Authorization:[^\r\n]*/gm)].at(-1)?.[0] ?? "";
  }

  /** Sends the last proof once more. True: another one was asked for. */
  async again() {
    await this.hush();
    const run = this.#run("replay", {}, ["-m", "1"]);
    return (await run.ended) === 0 && /stale=true/.test(this.heard("replay"));
  }

  #answer() {
    const scenario = this.options.challenge ? "challenge" : this.options.options === false ? "answer_only" : "answer";
    this.#answers = this.#run(scenario, {});
  }

  /** What went over the wire in a scenario. */
  heard(scenario: string) {
    try {
      return readFileSync(join(this.#folder, `${scenario}.log`), "utf8");
    } catch {
      return "";
    }
  }

  /** The events of the NOTIFYs that it answered. */
  get events() {
    // One that is repeated is the same request.
    const all = [...this.heard("answer").matchAll(/^NOTIFY sip:[^]*?branch=([^;\r\n]*)[^]*?^Event: ([^\r\n]*)/gm)];
    return [...new Map(all.map(([, branch, event]) => [branch, event])).values()];
  }

  leave() {
    return this.register(0);
  }

  /** As after a restart: another Call-ID. */
  restart() {
    this.#boot = ++boots;
    this.#cseq = 1;
    return this.register();
  }

  /** Answers nothing any more. */
  async hush() {
    await this.#answers?.end();
    this.#answers = undefined;
  }

  async close() {
    await this.hush();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
