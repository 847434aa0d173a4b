import type { Page } from "@playwright/test";
import { Peer } from "../lib/peers.ts";
import { Server } from "../lib/server.ts";
import { Api } from "../lib/api.ts";
import { become, elsewhere } from "../lib/people.ts";
import { ADMIN, alive, expect, REALM, test } from "../lib/test.ts";

const network = (page: Page) => page.getByRole("region", { name: "On the network" });

/** What an operator reads on the page to type into a phone. */
async function readSetup(page: Page) {
  const panel = page.getByRole("region", { name: "Set up the phone" });
  const value = (label: string) => panel.locator(`dt:text-is("${label}") + dd`).innerText();
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  // Where many scenarios looked before, the server lets us look again after a while.
  await expect(async () => {
    await panel.getByRole("button", { name: /password$/ }).click();
    await expect(panel.getByRole("button", { name: "copied stored password" })).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 75_000 });
  const password = await page.evaluate(() => navigator.clipboard.readText());
  return { server: await value("Server"), transport: await value("Transport"), login: { realm: await value("Realm"), username: await value("Username"), password } };
}

for (const transport of ["udp", "tcp"] as const) {
  test(`SIPp registers over ${transport.toUpperCase()} with what the page shows, and the green dot comes without a reload`, async ({ editor, page, server }) => {
    test.setTimeout(120_000);
    await editor.open();
    await expect(network(page)).toContainText("Not registered");
    const { login, transport: offered, server: host } = await readSetup(page);
    expect(offered).toBe("UDP or TCP");
    expect(host).toContain(String(server.sipPort));
    const sipp = Peer.sipp(login, server.sipPort, transport, { stay: 20_000 });
    try {
      await expect(network(page).locator(".dot.on")).toBeVisible();
      await expect(network(page)).toContainText("Registered");
      await expect(network(page)).toContainText(new RegExp(`127\\.0\\.0\\.1:\\d+ ${transport}`));
      await expect(network(page)).toContainText("Grandstream GXP2170 1.0.11.64");
      await expect(network(page)).toContainText(/in (2\d\d|300) s/);
    } finally {
      await sipp.stop();
    }
    if (transport === "tcp") await expect(network(page)).toContainText("registered, not reachable until it reconnects");
  });
}

test("baresip registers; Reboot says that it does not support it, and never that it is done", async ({ editor, page, server, api }) => {
  await editor.open();
  const baresip = await Peer.baresip(await api.credentials(editor.made.device), server.sipPort);
  try {
    // First the phone, then the page.
    const bindings = async () => (await api.device(editor.made.device)).network.bindings.length;
    await expect.poll(bindings, { timeout: 15_000 }).toBe(1).catch((error) => {
      throw new Error(`${error.message}\nbaresip said:\n${baresip.said}`);
    });
    await expect(network(page).locator(".dot.on")).toBeVisible();
    await page.getByRole("button", { name: "Reboot Device" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Reboot Device" }).click();
    const last = page.getByRole("region", { name: "Last reboot" });
    await expect(last).toContainText("Not supported by the phone (481)");
    await expect(last).not.toContainText("Restarted");
  } finally {
    await baresip.stop();
  }
});

test("with IP authentication a call from its range registers without a password, one from elsewhere does not", async ({ editor, page, api, phone, made }) => {
  const login = await api.credentials(made.device);
  await api.saveDevice(made.device, { method: { text: "ip" }, ip: { list: ["127.0.0.2"] } });
  await editor.open();
  await expect(network(page)).toContainText("Does not register");
  const inside = await phone({ ...login, password: "none" }, { bind: "127.0.0.2" });
  expect(await inside.register()).toBe(200);
  await expect(network(page)).toContainText("127.0.0.2");
  const stranger = await phone({ ...login, username: "somebody_else", password: "none" }, { bind: "127.0.0.2" });
  expect(await stranger.register()).not.toBe(200);
  const outside = await phone(login);
  expect(await outside.register()).not.toBe(200);
  await inside.leave();
  await api.saveDevice(made.device, { method: { text: "password" } });
});

test("a disabled device is refused, and disabling ends its registration at once", async ({ editor, page, api, phone, made }) => {
  const desk = await phone(await api.credentials(made.device));
  expect(await desk.register()).toBe(200);
  await editor.open();
  await expect(network(page).locator(".dot.on")).toBeVisible();
  await page.getByRole("switch", { name: "Enabled" }).click();
  await expect(page.getByRole("region", { name: "Unsaved changes" })).toContainText("The phone at 127.0.0.1 drops its registration");
  await editor.save.click();
  await expect(network(page)).toContainText("The device is disabled: it can't register.");
  expect(await desk.register()).not.toBe(200);
  await api.saveDevice(made.device, { enabled: { switch: true } });
  expect(await desk.register()).toBe(200);
});

test("unknown user and wrong password look alike on the wire", async ({ api, phone, made }) => {
  const login = await api.credentials(made.device);
  const wrong = await phone({ ...login, password: "wrong password" });
  const unknown = await phone({ ...login, username: "nobody_here" });
  expect([await wrong.register(), await unknown.register()]).toEqual([403, 403]);
});

test("a phone that leaves is shown as not registered; several phones of one device are all shown", async ({ editor, page, api, phone, made }) => {
  const login = await api.credentials(made.device);
  await editor.open();
  const [one, two] = [await phone(login), await phone(login, { userAgent: "snom320/8.7.5" })];
  await one.register();
  await two.register();
  await expect(network(page)).toContainText(one.address);
  await expect(network(page)).toContainText(two.address);
  await expect(network(page)).toContainText("snom320/8.7.5");
  await one.leave();
  await expect(network(page)).not.toContainText(one.address);
  await two.leave();
  await expect(network(page)).toContainText("Not registered");
});

test("a saved password counts at the next REGISTER, the old one is refused, and saving ended the registration", async ({ editor, page, api, phone, made }) => {
  const login = await api.credentials(made.device);
  const desk = await phone(login);
  await desk.register();
  await editor.open();
  await expect(network(page).locator(".dot.on")).toBeVisible();
  await page.getByRole("button", { name: "Generate password" }).click();
  await editor.state("password", "modified");
  await editor.save.click();
  await editor.state("password", "clean");
  await expect(network(page)).toContainText("Not registered");
  expect(await desk.register()).toBe(403);
  const password = await api.password(made.device);
  expect(password).not.toBe(login.password);
  const anew = await phone({ ...login, password });
  expect(await anew.register()).toBe(200);
  await expect(network(page).locator(".dot.on")).toBeVisible();
});

test("Delete Device asks by name, seat, address and effect, ends the registration and returns to the seat", async ({ editor, page, api, phone, made }) => {
  const desk = await phone(await api.credentials(made.device));
  await desk.register();
  await editor.open();
  await expect(network(page).locator(".dot.on")).toBeVisible();
  await page.getByRole("button", { name: "Delete Device" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete New Device?" });
  await expect(dialog).toContainText(/device of seat Seat \S+ is removed/);
  await expect(dialog).toContainText("its registration at 127.0.0.1 ends");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await dialog.getByRole("button", { name: "Delete Device" }).click();
  await expect(page).toHaveURL(new RegExp(`/seats/${made.seat}$`));
  expect(await desk.register()).toBe(403);
});

test("a second account's realm is known to the registrar at once, and its users are its own", async ({ server, phone, context, page }) => {
  const other = await elsewhere(server);
  const made = await other.api.newSeat("Theirs", "1");
  const login = await other.api.credentials(made.device);
  expect(login.realm).toBe(other.realm);
  expect(await (await phone(login)).register()).toBe(200);
  expect(await (await phone({ ...login, realm: REALM })).register()).toBe(403);
  await become(context, other.api);
  await page.goto(`/a/${other.api.account}/seats`);
  await expect(page.getByText("1 registered now")).toBeVisible();
});

test("registrations survive a restart of the server; one on TCP is not reachable until it reconnects, and the page comes back by itself", async ({ browser }) => {
  const server = await Server.start();
  const context = await browser.newContext();
  const page = await context.newPage();
  const peers: Peer[] = [];
  try {
    const api = new Api(server.url);
    await api.setUp(server.code, ADMIN.name, ADMIN.password, REALM);
    await become(context, api);
    const [udp, tcp] = [await api.newSeat("Over UDP", "1"), await api.newSeat("Over TCP", "2")];
    peers.push(Peer.sipp(await api.credentials(udp.device), server.sipPort, "udp"), Peer.sipp(await api.credentials(tcp.device), server.sipPort, "tcp", { stay: 20_000 }));
    await page.goto(`${server.url}/a/${api.account}/seats`);
    await alive(page);
    await expect(page.getByText("2 registered now")).toBeVisible();
    await server.stop();
    await expect(page.getByRole("status").filter({ hasText: /connection|reach/i }).first()).toBeVisible();
    await server.boot();
    const editor = await context.newPage();
    await editor.goto(`${server.url}/a/${api.account}/seats/${udp.seat}/devices/${udp.device}`);
    await expect(network(editor).locator(".dot.on")).toBeVisible();
    await editor.goto(`${server.url}/a/${api.account}/seats/${tcp.seat}/devices/${tcp.device}`);
    await expect(network(editor)).toContainText("registered, not reachable until it reconnects");
    await alive(editor);
    await editor.getByRole("button", { name: "Reboot Device" }).click();
    await expect(editor.getByRole("dialog")).toContainText("not reachable until it reconnects");
    await expect(page.getByRole("status").filter({ hasText: /connection|reach/i })).toHaveCount(0, { timeout: 20_000 });
  } finally {
    for (const peer of peers) await peer.stop();
    await context.close();
    await server.remove();
  }
});
