import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Debian keeps the server's programs out of the path, by version. */
function programs() {
  const root = "/usr/lib/postgresql";
  const found = existsSync(root) ? readdirSync(root).map((version) => join(root, version, "bin")).filter((bin) => existsSync(join(bin, "initdb"))) : [];
  const bin = found.sort().pop();
  if (!bin) throw new Error("PostgreSQL's server programs are missing: install them with `apt-get install postgresql`");
  return bin;
}

/** PostgreSQL refuses to run as root: then its programs run as the user that the package made. */
const AS = process.getuid?.() === 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] : [];

function run(line: string[]) {
  const done = spawnSync(line[0], line.slice(1), { cwd: "/", encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${line.join(" ")}: ${done.stderr ?? done.error}`);
}

/** A PostgreSQL of its own on a socket in a temporary folder. */
export class Cluster {
  readonly #folder = mkdtempSync(join(tmpdir(), "seatline-pg-"));
  readonly #bin = programs();
  #server?: ChildProcess;

  static async start() {
    const cluster = new Cluster();
    const data = join(cluster.#folder, "data");
    if (AS.length) run(["chown", "postgres", cluster.#folder]);
    run([...AS, join(cluster.#bin, "initdb"), "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync", "-D", data]);
    const options = ["listen_addresses=", "fsync=off", `unix_socket_directories=${cluster.#folder}`].flatMap((option) => ["-c", option]);
    const line = [...AS, join(cluster.#bin, "postgres"), "-D", data, ...options];
    cluster.#server = spawn(line[0], line.slice(1), { cwd: "/", stdio: "ignore" });
    const ready = () => spawnSync(join(cluster.#bin, "pg_isready"), ["--host", cluster.#folder], { stdio: "ignore" }).status === 0;
    for (const begun = Date.now(); !ready(); await new Promise((done) => setTimeout(done, 50))) {
      if (Date.now() - begun > 30_000) throw new Error("PostgreSQL did not start");
    }
    return cluster;
  }

  get url() {
    return `postgres://postgres@localhost/postgres?host=${this.#folder}`;
  }

  async remove() {
    const gone = new Promise((done) => this.#server!.once("exit", done));
    // PostgreSQL's quick way out.
    this.#server!.kill("SIGINT");
    await gone;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
