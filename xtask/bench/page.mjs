// The editor's page, beside a peer's when its address is given: node page.mjs SEATLINE_BINARY MEASURING_SCRIPT [PEER_URL] [-- OPTIONS].
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { seatline } from "./lib.mjs";

const args = process.argv.slice(2), cut = args.indexOf("--");
const [binary, script, peer] = cut < 0 ? args : args.slice(0, cut);
const options = cut < 0 ? [] : args.slice(cut + 1);
const it = await seatline(binary);
try {
  const [name, value] = it.cookie.split(/=(.*)/s);
  const cookie = { name, value, domain: "127.0.0.1", path: "/", expires: -1, httpOnly: true, secure: false, sameSite: "Lax" };
  const state = join(it.data, "state.json");
  writeFileSync(state, JSON.stringify({ cookies: [cookie], origins: [] }));
  const page = `${it.url}/a/${it.account}/seats/${it.made.seat}/devices/${it.made.device}`;
  const pages = [`seatline=${page}`, ...(peer ? [`peer=${peer}`] : [])];
  const run = spawn(process.execPath, [script, ...options, "--state", state, ...pages], { stdio: "inherit" });
  const code = await new Promise((done) => run.once("exit", done));
  process.exitCode = code ?? 1;
} finally {
  await it.stop();
}
