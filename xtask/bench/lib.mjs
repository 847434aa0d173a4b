// A Seatline of its own for a measure: started, set up, stopped by its own process id.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A server on a data folder that stays, or on one of its own that goes with it. */
export async function server(binary, folder) {
  const data = folder ?? mkdtempSync(join(tmpdir(), "seatline-bench-"));
  const args = ["--data", data, "--listen", "127.0.0.1:0", "--sip-listen", "127.0.0.1:0", "--log", "error"];
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  await new Promise((done, fail) => {
    child.stdout.on("data", (chunk) => {
      said += chunk;
      if (/data +\S/.test(said) && said.endsWith("\n")) done();
    });
    child.once("exit", (code) => fail(new Error(`the server ended with ${code}`)));
  });
  const url = /pages +(http\S+)/.exec(said)[1];
  const sip = Number(/phones +sip:\S+:(\d+)/.exec(said)[1]);
  const it = { url, sip, pid: child.pid, cookie: "", data, said };
  it.call = async (fn, args) => {
    const headers = { "content-type": "application/json", origin: url, cookie: it.cookie };
    const response = await fetch(`${url}/api/${fn}`, { method: "POST", headers, body: JSON.stringify(args) });
    const set = response.headers.get("set-cookie");
    if (set) it.cookie = set.split(";")[0];
    if (!response.ok) throw new Error(`${fn}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  it.stop = async () => {
    child.removeAllListeners("exit");
    const ended = new Promise((done) => child.once("close", done));
    child.kill("SIGTERM");
    await ended;
    if (!folder) rmSync(data, { recursive: true, force: true });
  };
  return it;
}

/** A server with an account, its admin, who is signed in, and a seat with a device. */
export async function seatline(binary) {
  const it = await server(binary);
  const code = /hour:\n(\S+)/.exec(it.said)[1];
  const me = await it.call("setup", { code, name: "bench", password: "a long enough password", account: "Bench", realm: "bench.test" });
  it.account = me.accounts[0].id;
  it.made = await it.call("new_seat", { account: it.account, operation: randomUUID(), name: "Front desk", extension: "1001", device: "" });
  return it;
}

/** The value below which this part of them lies. Sorts them. */
export function at(values, part) {
  values.sort((a, b) => a - b);
  return values[Math.min(values.length - 1, Math.floor(values.length * part))];
}
