// From a phone's REGISTER to the green dot on its device's page: node dot.mjs SEATLINE_BINARY CHROMIUM [ROUNDS], where playwright-core is found.
// Prints one JSON line of milliseconds.
import { createRequire } from "node:module";
import { at, seatline } from "./lib.mjs";
import { phone } from "./phone.mjs";

const { chromium } = createRequire(`${process.cwd()}/`)("playwright-core");
const [binary, executablePath, rounds = "200"] = process.argv.slice(2);
const it = await seatline(binary);
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath, args });
try {
  const { account, made } = it;
  const device = await it.call("device", { account, device: made.device });
  const password = await it.call("look_password", { account, device: made.device });
  const desk = await phone({ username: device.record.values.username.text, realm: device.effective_realm, password }, it.sip);
  const context = await browser.newContext();
  const [name, value] = it.cookie.split(/=(.*)/s);
  await context.addCookies([{ name, value, url: it.url, httpOnly: true, sameSite: "Lax" }]);
  const page = await context.newPage();
  let seen;
  await page.exposeBinding("seen", (_, dot, when) => seen?.(dot, when));
  await page.goto(`${it.url}/a/${account}/seats/${made.seat}/devices/${made.device}`, { waitUntil: "networkidle" });
  // In the page: each change of the dot, with its time.
  await page.evaluate(() => {
    const now = () => ["on", "off"].find((dot) => document.querySelector(`main p.state .dot.${dot}`));
    let before = now();
    if (!before) throw new Error("the page shows no dot");
    new MutationObserver(() => {
      const dot = now(), when = Date.now();
      if (dot && dot !== before) window.seen((before = dot), when);
    }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
  });
  const becomes = (wanted) =>
    new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error(`the dot did not become ${wanted} within 10 s`)), 10_000);
      seen = (dot, when) => dot === wanted && (clearTimeout(late), done(when));
    });
  const times = { asked: [], proved: [], answered: [], off: [] };
  for (let round = 0; round < Number(rounds) + 5; round++) {
    const on = becomes("on"), said = await desk.register(360), when = await on;
    await new Promise((done) => setTimeout(done, 50 + Math.random() * 200));
    const off = becomes("off"), left = await desk.register(0), gone = await off;
    // The first ones warm both up.
    if (round < 5) continue;
    for (const since of ["asked", "proved", "answered"]) times[since].push(when - said[since]);
    times.off.push(gone - left.answered);
    await new Promise((done) => setTimeout(done, 50 + Math.random() * 200));
  }
  desk.close();
  const figures = (values) => ({ p50: at(values, 0.5), p95: at(values, 0.95), worst: at(values, 1) });
  console.log(JSON.stringify(Object.fromEntries(Object.entries(times).map(([since, values]) => [since, figures(values)]))));
} finally {
  await browser.close();
  await it.stop();
}
