// A Seatline of its own for a measure: started, set up, stopped by its own process id.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export async function seatline(binary) {
  const data = mkdtempSync(join(tmpdir(), "seatline-bench-"));
  const args = ["--data", data, "--listen", "127.0.0.1:0", "--sip-listen", "127.0.0.1:0", "--log", "error"];
  const server = spawn(binary, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  await new Promise((done, fail) => {
    server.stdout.on("data", (chunk) => {
      said += chunk;
      if (/hour:\n\S+/.test(said)) done();
    });
    server.once("exit", (code) => fail(new Error(`the server ended with ${code}`)));
  });
  const url = /pages +(http\S+)/.exec(said)[1];
  const it = { url, cookie: "", data };
  it.call = async (fn, args) => {
    const headers = { "content-type": "application/json", origin: url, cookie: it.cookie };
    const response = await fetch(`${url}/api/${fn}`, { method: "POST", headers, body: JSON.stringify(args) });
    const set = response.headers.get("set-cookie");
    if (set) it.cookie = set.split(";")[0];
    if (!response.ok) throw new Error(`${fn}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  it.stop = async () => {
    server.removeAllListeners("exit");
    const ended = new Promise((done) => server.once("close", done));
    server.kill("SIGTERM");
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  const code = /hour:\n(\S+)/.exec(said)[1];
  const me = await it.call("setup", { code, name: "bench", password: "a long enough password", account: "Bench", realm: "bench.test" });
  it.account = me.accounts[0].id;
  it.made = await it.call("new_seat", { account: it.account, operation: randomUUID(), name: "Front desk", extension: "1001", device: "" });
  return it;
}
