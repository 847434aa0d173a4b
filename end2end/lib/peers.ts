import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createSocket, type Socket } from "node:dgram";
import { createServer, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Login } from "./phone.ts";

/** A SIP program that is not ours. */
export class Peer {
  said = "";
  readonly ended: Promise<number | null>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {
    for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (chunk) => (this.said += chunk));
    this.ended = new Promise((done, fail) => {
      child.once("exit", done);
      child.once("error", fail);
    });
    // Who does not wait for its end learns of a missing program by what then does not happen.
    this.ended.catch((error) => (this.said += error));
  }

  static run(program: string, args: string[], folder: string) {
    return new Peer(spawn(program, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, TERM: "dumb" } }), folder);
  }

  /** SIPp registers with a private Contact, and stays `stay` ms with its connection open. */
  static sipp(login: Login, port: number, transport: "udp" | "tcp", { stay = 0, expires = 300 } = {}) {
    const keys = { realm: login.realm, username: login.username, expires: String(expires) };
    const scenario = join(import.meta.dirname, "../sip/register.xml");
    const args = [`127.0.0.1:${port}`, "-sf", scenario, "-m", "1", "-i", "127.0.0.1", "-t", transport === "udp" ? "u1" : "t1", "-d", String(stay)];
    args.push("-nostdin", "-timeout", "30s", "-timeout_error", "-au", login.username, "-ap", login.password, ...Object.entries(keys).flatMap(([key, value]) => ["-key", key, value]));
    return Peer.run("sipp", args, mkdtempSync(join(tmpdir(), "seatline-sipp-")));
  }

  /** baresip, a softphone, registers over UDP. */
  static async baresip(login: Login, port: number) {
    const folder = mkdtempSync(join(tmpdir(), "seatline-baresip-"));
    const places = ["/usr/lib/baresip/modules", "/usr/lib/x86_64-linux-gnu/baresip/modules", "/usr/lib/aarch64-linux-gnu/baresip/modules"];
    const modules = places.find(existsSync) ?? places[0];
    writeFileSync(join(folder, "config"), `sip_listen 127.0.0.1:${await freePort()}\nmodule_path ${modules}\nmodule_tmp account.so\nmodule_app menu.so\n`);
    const { username, realm, password } = login;
    writeFileSync(
      join(folder, "accounts"),
      `<sip:${username}@${realm};transport=udp>;auth_pass=${password};outbound="sip:127.0.0.1:${port};transport=udp";regint=120;stunserver=""\n`,
    );
    return Peer.run("baresip", ["-f", folder], folder);
  }

  async end() {
    if (this.child.exitCode === null && this.child.signalCode === null && this.child.pid) {
      this.child.kill("SIGKILL");
      await this.ended;
    }
  }

  async stop() {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

let taken = 0;

/** A port that is free for UDP, TCP and, one higher, for baresip's TLS. Below those that the system hands out: what is opened meanwhile is none of these. */
export async function freePort() {
  const base = (process.pid % 2_000) * 5;
  for (let tries = 0; tries < 5_000; tries++) {
    const port = 20_000 + ((base + 2 * taken++) % 10_000);
    if ((await isFree(createSocket("udp4"), port)) && (await isFree(createServer(), port)) && (await isFree(createServer(), port + 1))) return port;
  }
  throw new Error("no free port");
}

/** Binds the port of loopback and gives it back. */
function isFree(socket: Socket | Server, port: number) {
  return new Promise<boolean>((done) => {
    socket.once("error", () => done(false));
    const close = () => socket.close(() => done(true));
    if (socket instanceof Server) socket.listen(port, "127.0.0.1", close);
    else socket.bind(port, "127.0.0.1", close);
  });
}
