import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { ADMIN, alive, expect, REALM, test as base } from "../lib/test.ts";
import { Api, type Made } from "../lib/api.ts";
import { Peer } from "../lib/peers.ts";
import { Server } from "../lib/server.ts";
import { SippPhone } from "../lib/sipp.ts";

// Each end of a reboot told apart on the page, by what SIPp does as a phone. The waits are settings, short ones here.
const test = base.extend<{}, { server: Server; admin: Api }>({
  server: [
    async ({}, use) => {
      const server = await Server.start(["--reboot-probe", "1", "--reboot-watch", "8", "--reboot-wait", "10"]);
      await use(server);
      await server.remove();
    },
    { scope: "worker" },
  ],
  admin: [
    async ({ server }, use) => {
      const api = new Api(server.url);
      await api.setUp(server.code, ADMIN.name, ADMIN.password, REALM);
      await use(api);
    },
    { scope: "worker" },
  ],
});

const last = (page: Page) => page.getByRole("region", { name: /^Last re/ });
const ask = (api: Api, made: Made, what = "reboot", contact: string | null = null) =>
  api.must<any>(what, { account: api.account, device: made.device, operation: randomUUID(), contact });

type Options = Parameters<typeof SippPhone.start>[2];
type End = { name: string; options?: Options; then?: (phone: SippPhone) => Promise<unknown>; head: string | RegExp; advice: string | RegExp };

const pause = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));

const ENDS: End[] = [
  {
    name: "confirmed back",
    then: async (phone) => {
      await phone.leave();
      await phone.restart();
    },
    head: "Restarted and back",
    advice: "Back, registered",
  },
  { name: "likely back", options: { options: false }, then: (phone) => phone.restart(), head: "Back, very likely restarted", advice: "that it went away was not seen" },
  { name: "accepted but did not restart", head: "Accepted, but did not restart", advice: "sip.notify_reboot_enable = 2" },
  {
    name: "accepted but did not restart, a Poly",
    options: { userAgent: "PolycomVVX-VVX_411-UA/5.9.5.0614" },
    head: "Accepted, but did not restart",
    advice: 'voIpProt.SIP.specialEvent.checkSync.alwaysReboot="1"',
  },
  {
    name: "has not come back",
    then: (phone) => phone.hush(),
    head: "Has not come back",
    advice: "Look at its power, its network and its display.",
  },
  {
    name: "not supported",
    options: { userAgent: "Gigaset N870 IP PRO/2.40", status: "489 Bad Event" },
    head: "Not supported by the phone (489)",
    advice: /Another event can be set for the device.*CheckSyncRebootEnabled = 1/,
  },
  { name: "not supported, for want of a subscription", options: { status: "481 Call/Transaction Does Not Exist" }, head: "Not supported by the phone (481)", advice: "It does not know this request." },
  { name: "not supported, whatever the event", options: { status: "405 Method Not Allowed" }, head: "Not supported by the phone (405)", advice: "It does not know this request." },
  { name: "refused our password", options: { challenge: true }, head: "The phone refused the password", advice: "another than the one it registered with" },
  {
    name: "demands another proof than a password",
    options: { status: '401 Unauthorized\nWWW-Authenticate: Basic realm="desk"' },
    head: "The phone demands a proof that Seatline does not have",
    advice: "It asks for something else than Digest with MD5 or SHA-256 and qop=auth",
  },
  { name: "refused", options: { status: "603 Decline" }, head: "Refused: 603", advice: "The phone said no." },
  {
    name: "accepted but cannot tell",
    options: { options: false },
    then: (phone) => phone.register(),
    head: "Accepted, cannot tell whether it restarted",
    advice: "Nothing that it sends shows whether it restarted.",
  },
];

for (const { name, options, then, head, advice } of ENDS) {
  test(`${name}: the page says so, and what to do`, async ({ editor, page, sipp, api, made }) => {
    const desk = await sipp(await api.credentials(made.device), options);
    expect(await desk.register()).toBe(200);
    await editor.open();
    await page.getByRole("button", { name: "Reboot Device" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Reboot Device" }).click();
    await expect(last(page)).toContainText(`Sent to ${desk.address}`);
    if (then) await expect(last(page)).toContainText("Phone answered 200 OK");
    await then?.(desk);
    await expect(last(page).getByRole("status").getByText(head)).toBeVisible({ timeout: 30_000 });
    await expect(last(page)).toContainText(advice);
  });
}

test("demands a password: a device with IP authentication has none", async ({ editor, page, api, made, sipp }) => {
  await api.saveDevice(made.device, { method: { text: "ip" }, ip: { list: ["127.0.0.41"] } });
  const view = await api.device(made.device);
  const desk = await sipp({ username: view.record.values.username.text, realm: REALM, password: "none" }, { bind: "127.0.0.41", challenge: true });
  expect(await desk.register()).toBe(200);
  await ask(api, made);
  await editor.open();
  await expect(last(page)).toContainText("The phone demands a password");
  await expect(last(page)).toContainText("It wants a password before it restarts, and this device has none.");
  expect(desk.heard("challenge")).toContain("NOTIFY sip:");
  expect(desk.heard("challenge"), "nothing was answered").not.toMatch(/^Authorization:/m);
});

test("not registered, and does not register: asked for by another tab in the same moment", async ({ editor, page, api, made }) => {
  await ask(api, made);
  await editor.open();
  await expect(last(page)).toContainText("Not sent: not registered");
  await api.saveDevice(made.device, { method: { text: "ip" }, ip: { list: ["192.0.2.41"] } });
  await ask(api, made);
  await expect(last(page)).toContainText("Not sent: does not register");
});

test("no answer: nothing came back, and no sign of a restart", async ({ editor, page, api, made, sipp }) => {
  const desk = await sipp(await api.credentials(made.device));
  await desk.register();
  await desk.hush();
  await ask(api, made);
  await editor.open();
  await expect(last(page)).toContainText("No answer; watching whether it restarts", { timeout: 60_000 });
  await expect(last(page).getByRole("status")).toHaveText("No answer", { timeout: 40_000 });
  await expect(last(page)).toContainText("It may be off, or a NAT no longer lets requests in.");
});

test("back, but still with the old credentials, after a save", async ({ editor, page, api, made, sipp }) => {
  const login = await api.credentials(made.device);
  const desk = await sipp(login);
  await desk.register();
  await editor.open();
  await page.getByRole("button", { name: "Generate password" }).click();
  await page.getByRole("button", { name: "Reboot Device" }).click();
  await page.getByRole("button", { name: "Save, then reboot" }).click();
  await expect(last(page)).toContainText("Old registration ended");
  await desk.hush();
  await expect(last(page)).toContainText("Went away", { timeout: 40_000 });
  expect(await desk.restart()).toBe(403);
  await expect(last(page)).toContainText("Back, but still with the old credentials", { timeout: 40_000 });
  await expect(last(page)).toContainText("Set the saved realm, username and password in the phone too.");
});

test("back, but still with the old credentials, where the save came while the phone was away", async ({ editor, page, api, made, sipp }) => {
  const login = await api.credentials(made.device);
  const desk = await sipp(login);
  await desk.register();
  await editor.open();
  await page.getByRole("button", { name: "Generate password" }).click();
  await ask(api, made);
  await expect(last(page)).toContainText("Phone answered 200 OK");
  await editor.save.click();
  await editor.state("password", "clean");
  await desk.hush();
  await expect(last(page)).toContainText("Went away", { timeout: 40_000 });
  expect(await desk.restart()).toBe(403);
  await expect(last(page)).toContainText("Back, but still with the old credentials", { timeout: 40_000 });
});

/** A server of its own, which may be killed, with a phone that is registered and the page of its device. */
async function alone(page: Page, run: (server: Server, api: Api, made: Made, desk: SippPhone) => Promise<void>) {
  const server = await Server.start(["--reboot-probe", "1", "--reboot-watch", "8", "--reboot-wait", "20"]);
  const api = new Api(server.url);
  await api.setUp(server.code, ADMIN.name, ADMIN.password, REALM);
  const made = await api.newSeat("Front desk", "1001");
  const desk = await SippPhone.start(await api.credentials(made.device), server.sipPort);
  try {
    await desk.register();
    const [name, value] = api.cookie.split(/=(.*)/s);
    await page.context().addCookies([{ name, value, url: server.url }]);
    await page.goto(`${server.url}/a/${api.account}/seats/${made.seat}/devices/${made.device}`);
    await alive(page);
    await run(server, api, made, desk);
  } finally {
    await desk.close();
    await server.remove();
  }
}

test("back, but still with the old credentials, where the save came while the phone was away and the server was killed since", async ({ page }) => {
  await alone(page, async (server, api, made, desk) => {
    await ask(api, made);
    await expect(last(page)).toContainText("Phone answered 200 OK");
    await desk.leave();
    await expect(last(page)).toContainText("Went away", { timeout: 40_000 });
    await api.saveDevice(made.device, { username: { text: "another_name" }, password: { secret: "another password" } });
    await server.stop("SIGKILL");
    await server.boot();
    const did = async (what: string) => (await api.device(made.device)).last_job.steps.some((step: any) => step.what === what);
    await expect.poll(() => did("resumed")).toBe(true);
    // Somebody else who has heard of the name proves nothing by it.
    const guess = await SippPhone.start({ ...(await api.credentials(made.device)), username: desk.login.username, password: "a guess" }, server.sipPort);
    expect(await guess.register()).toBe(403);
    await guess.close();
    await pause(1);
    expect(await did("old_credentials"), "the guess").toBe(false);
    expect(await desk.restart()).toBe(403);
    await expect(last(page)).toContainText("Back, but still with the old credentials", { timeout: 40_000 });
    expect(await did("old_credentials")).toBe(true);
  });
});

test("a reboot survives a restart of the server and ends truthfully; a connection that is gone is not reachable", async ({ page }) => {
  test.setTimeout(180_000);
  await alone(page, async (server, api, made, desk) => {
    await ask(api, made);
    await expect(last(page)).toContainText("Phone answered 200 OK");
    await desk.leave();
    await expect(last(page)).toContainText("Went away", { timeout: 40_000 });
    await server.stop("SIGKILL");
    await server.boot();
    const resumed = async () => (await api.device(made.device)).last_job.steps.some((step: any) => step.what === "resumed");
    await expect.poll(resumed).toBe(true);
    await desk.restart();
    await expect(last(page)).toContainText("The server was restarted; watching again", { timeout: 30_000 });
    await expect(last(page)).toContainText("Restarted and back", { timeout: 40_000 });
    expect(desk.events.length, "it was asked once").toBe(1);

    // Not there any more when the server comes back: what was missed is not made up.
    const again = await ask(api, made);
    const answered = async () => {
      const { last_job } = await api.device(made.device);
      return last_job.id === again.id && last_job.steps.some((step: any) => step.what.answered);
    };
    await expect.poll(answered).toBe(true);
    await server.stop("SIGKILL");
    await desk.hush();
    await server.boot();
    await expect(last(page)).toContainText("Not followed to its end", { timeout: 40_000 });
    await expect(last(page)).toContainText("see whether the phone is registered");

    // SIPp over TCP leaves, and its connection with it.
    const second = await api.newSeat("Workshop", "1002");
    const peer = Peer.sipp(await api.credentials(second.device), server.sipPort, "tcp", { stay: 200 });
    await peer.ended;
    await peer.stop();
    const job = await ask(api, second);
    expect(job.end).toBe("not_reachable");
    await page.goto(`${server.url}/a/${api.account}/seats/${second.seat}/devices/${second.device}`);
    await expect(last(page)).toContainText("Not sent: not reachable");
    await expect(last(page)).toContainText("Its connection is closed. Try again when it has registered anew.");
  });
});

test("a resync asks for the configuration alone: accepted is its end; another event can be set for the device", async ({ editor, page, api, made, sipp }) => {
  const desk = await sipp(await api.credentials(made.device));
  await desk.register();
  await editor.open();
  await page.getByRole("button", { name: "Resync" }).click();
  const dialog = page.getByRole("dialog", { name: "Resync New Device?" });
  await expect(dialog).toContainText("fetches its configuration again. Whether it restarts for it is up to the phone.");
  await dialog.getByRole("button", { name: "Resync" }).click();
  await expect(page.getByRole("region", { name: "Last resync" })).toContainText("Accepted by the phone");
  await expect(last(page)).toContainText("Phones do not tell whether anything in it changed.");
  expect(desk.events).toEqual(["check-sync;reboot=false"]);

  await expect(editor.field("resync_event")).toContainText("by the phone's vendor, now check-sync;reboot=false");
  await page.getByLabel("Resync Event").fill("a b");
  await expect(editor.field("resync_event")).toContainText("Use a SIP event such as check-sync;reboot=true.");
  await page.getByLabel("Resync Event").fill("resync;now");
  await page.getByLabel("Reboot Event").fill("restart_please");
  await editor.save.click();
  await editor.state("resync_event", "clean");
  await ask(api, made, "resync");
  await expect.poll(() => desk.events.at(-1)).toBe("resync;now");
  await expect.poll(async () => Boolean((await api.device(made.device)).last_job.end)).toBe(true);
  await ask(api, made);
  await expect.poll(() => desk.events.at(-1)).toBe("restart_please");
});

test("a second request joins the first, one of another kind is refused", async ({ api, made, sipp }) => {
  const desk = await sipp(await api.credentials(made.device));
  await desk.register();
  const first = await ask(api, made);
  expect((await ask(api, made)).id).toBe(first.id);
  const other = await api.call<any>("resync", { account: api.account, device: made.device, operation: randomUUID(), contact: null });
  expect([other.status, other.body.Problem.refused.why]).toEqual([422, "A reboot of this device is under way. Wait until it has ended."]);
  await pause(1);
  expect(desk.events.length).toBe(1);
});

test("of several phones the chosen one is rebooted, after a save too", async ({ editor, page, api, made, sipp }) => {
  const login = await api.credentials(made.device);
  const [one, two] = [await sipp(login), await sipp(login)];
  await one.register();
  await two.register();
  await editor.open();
  await page.getByLabel("Name", { exact: true }).fill("Two phones");
  await page.getByRole("button", { name: "Reboot Device" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: one.address }).check();
  await dialog.getByRole("button", { name: "Save, then reboot" }).click();
  await expect(last(page)).toContainText(`Sent to ${one.address}`);
  await expect.poll(() => [one.events.length, two.events.length]).toEqual([1, 0]);

  // The other phone's is another one, which is neither joined nor sent beside it.
  await page.getByRole("button", { name: "Reboot Device" }).click();
  await dialog.getByRole("radio", { name: two.address }).check();
  await dialog.getByRole("button", { name: "Reboot Device" }).click();
  await expect(dialog).toContainText(`A reboot of this device's phone at ${one.address} is under way. Wait until it has ended.`);
  await dialog.getByRole("radio", { name: one.address }).check();
  await dialog.getByRole("button", { name: "Reboot Device" }).click();
  await expect(page.getByText("Reboot is under way already.")).toBeAttached();
  await expect(dialog).toBeHidden();
  expect([one.events.length, two.events.length]).toEqual([1, 0]);
});
