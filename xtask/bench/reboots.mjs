// Many reboots at once: node reboots.mjs SEATLINE_BINARY DATA PHONES REALM PASSWORD COUNT AWAY. DATA holds COUNT devices and the operator `bench`;
// PHONES is the program of the phones. Prints one JSON line.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { at, server } from "./lib.mjs";

const [binary, data, program, realm, password, count, away] = process.argv.slice(2);
const it = await server(binary, data);
const phones = spawn(program, [`127.0.0.1:${it.sip}`, realm, count, password, away], { stdio: ["pipe", "pipe", "inherit"] });
const lines = createInterface({ input: phones.stdout })[Symbol.asyncIterator]();
const said = async () => JSON.parse((await lines.next()).value);

/** Processor seconds so far, and bytes that are and were held at most. */
const cost = () => {
  const stat = readFileSync(`/proc/${it.pid}/stat`, "utf8"), fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = readFileSync(`/proc/${it.pid}/status`, "utf8"), bytes = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) * 1024;
  return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, now: bytes("VmRSS"), most: bytes("VmHWM") };
};

try {
  const me = await it.call("sign_in", { name: "bench", password: "a long enough password" }), account = me.accounts[0].id;
  const registered = await said();
  // What is written behind is written.
  await new Promise((done) => setTimeout(done, 3000));
  const before = cost(), start = Date.now();
  const of = { search: { text: "", not_registered: false, sort: "name", descending: false, after: null } };
  // No pace.
  const pace = { in_all: 0, of_source: 0 };
  const batch = await it.call("start_batch", { account, operation: randomUUID(), of, action: "reboot", pace });
  let view;
  do {
    await new Promise((done) => setTimeout(done, 250));
    view = await it.call("batch", { account, batch, after: null });
  } while (view.line.state !== "done" && Date.now() - start < 600_000);
  const after = cost();
  phones.stdin.end();
  const left = await said();
  const rows = [...view.rows];
  for (let { next } = view; next !== null; ) {
    const more = await it.call("batch", { account, batch, after: next });
    rows.push(...more.rows);
    next = more.next;
  }
  const times = { asked: [], answered: [], away: [], back: [], end: [] };
  for (const row of rows) {
    const job = await it.call("job", { account, job: row.job });
    const step = (name) => job.steps.find(({ what }) => what === name || what[name])?.at;
    const sent = step("sent"), answer = job.steps.find(({ what }) => what.answered);
    times.asked.push(row.started - view.line.asked);
    if (answer?.what.answered.code === 200) times.answered.push(answer.at - sent);
    if (step("went_away")) times.away.push(step("went_away") - sent);
    if (step("back")) times.back.push(step("back") - step("went_away"));
    times.end.push((step("back") ?? job.steps.at(-1).at) - view.line.asked);
  }
  const figures = (values) => ({ n: values.length, p50: at(values, 0.5), p95: at(values, 0.95), worst: at(values, 1) });
  const outcomes = view.outcomes.map(([outcome, n]) => [JSON.stringify(outcome), n]);
  const all = { seconds: (view.line.ended - view.line.asked) / 1000, cpu: after.cpu - before.cpu, registered: before.now, most: after.most };
  console.log(JSON.stringify({ ...all, outcomes, phones: { registered, left }, times: Object.fromEntries(Object.entries(times).map(([k, v]) => [k, figures(v)])) }));
} finally {
  phones.kill("SIGTERM");
  await it.stop();
}
