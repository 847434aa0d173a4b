import { become, elsewhere } from "../lib/people.ts";
import { bar, goto, kept, saved, seconds, stored } from "../lib/offline.ts";
import { Server } from "../lib/server.ts";
import { Api } from "../lib/api.ts";
import { ADMIN, alive, expect, REALM, test } from "../lib/test.ts";

test("a deep address opens without a connection: what was looked at, as of then, without secrets; what was not says so", async ({ editor, page, context, api, complaints }) => {
  void complaints;
  const secret = await api.password(editor.made.device);
  const other = await api.newSeat(`Unseen ${editor.made.device.slice(0, 6)}`, String(Date.now()).slice(-9));
  await editor.open();
  await kept(page);
  await context.setOffline(true);
  const tab = await context.newPage();
  await goto(tab, editor.path);
  await expect(tab.getByRole("heading", { level: 1, name: "Editing New Device" })).toBeVisible();
  await expect(tab.getByText("You see what this computer kept, as of")).toBeVisible();
  await expect(seconds(tab)).toHaveValue("360");
  await tab.getByLabel("Password", { exact: true }).focus();
  await expect(tab.locator('[data-field="password"]')).toContainText("shown with a connection only");
  expect(await stored(tab)).not.toContain(secret);

  // Never queued: disabled, and they say why.
  for (const name of ["Reboot Device", "Resync", "Delete Device", "Copy password", "copy stored password"]) await expect(tab.getByRole("button", { name, exact: true })).toBeDisabled();
  await expect(tab.getByText("Reboot, Resync and Delete need a connection.")).toBeVisible();

  await goto(tab, `/a/${api.account}/seats/${other.seat}/devices/${other.device}`);
  await expect(tab.getByRole("alert")).toContainText("Nothing of this page is kept on this computer");
  await goto(tab, "/no/such/page");
  await expect(tab.getByRole("heading", { name: "Not found" })).toBeVisible();
  await context.setOffline(false);
});

test("the list without a connection: the seats that were looked at, searched, each opens", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  await become(context, api);
  const [desk, lobby] = [await api.newSeat("Front desk", "100", "Desk phone"), await api.newSeat("Lobby", "101")];
  await api.newSeat("Cellar", "102");
  await goto(page, `/a/${api.account}/seats/${desk.seat}/devices/${desk.device}`);
  await kept(page);
  await goto(page, `/a/${api.account}/seats/${lobby.seat}`);
  await kept(page);
  await context.setOffline(true);
  await goto(page, `/a/${api.account}/seats`);
  const table = page.getByRole("table", { name: "Seats looked at on this computer" });
  await expect(table.getByRole("row")).toHaveCount(3);
  await expect(table).not.toContainText("Cellar");
  // What is unsaved is marked, as in the list with a connection: of the device, and of the seat that it belongs to.
  await expect(table.getByRole("img", { name: "Unsaved draft" })).toHaveCount(0);
  await table.getByRole("link", { name: "Desk phone" }).click();
  await seconds(page).fill("120");
  await page.waitForTimeout(500);
  await goto(page, `/a/${api.account}/seats`);
  await expect(table.getByRole("row").filter({ hasText: "Front desk" }).getByRole("img", { name: "Unsaved draft" })).toBeVisible();
  await expect(table.getByRole("row").filter({ hasText: "Lobby" }).getByRole("img", { name: "Unsaved draft" })).toHaveCount(0);
  await page.getByLabel("Search seats").fill("desk PH");
  await expect(table.getByRole("row")).toHaveCount(2);
  await table.getByRole("link", { name: "Desk phone" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Editing Desk phone" })).toBeVisible();
  await goto(page, `/a/${api.account}/seats`);
  await expect(page.getByRole("button", { name: "New seat" })).toBeDisabled();
  await expect(page.getByText("New seats need a connection.")).toBeVisible();
  for (const [path, what] of [["seats/new", "New seats"], [`seats/${lobby.seat}`, "Delete and Add device"]]) {
    await goto(page, `/a/${api.account}/${path}`);
    await expect(page.getByText(`${what} need a connection.`)).toBeVisible();
  }
  for (const name of ["Delete seat", "Add device"]) await expect(page.getByRole("button", { name })).toBeDisabled();
  await context.setOffline(false);
});

test("the server stopped and started: opened, edited, saved later by itself", async ({ page, context }) => {
  const server = await Server.start();
  try {
    const api = new Api(server.url);
    await api.setUp(server.code, ADMIN.name, ADMIN.password, REALM);
    await context.clearCookies();
    await become(context, api);
    const made = await api.newSeat("Front desk", "100");
    const path = `${server.url}/a/${api.account}/seats/${made.seat}/devices/${made.device}`;
    await goto(page, path);
    await kept(page);
    await server.stop("SIGKILL");
    const tab = await context.newPage();
    const began = Date.now();
    await goto(tab, path);
    await expect(tab.getByRole("heading", { level: 1, name: "Editing New Device" })).toBeVisible();
    expect(Date.now() - began).toBeLessThan(8_000);
    await seconds(tab).fill("120");
    await tab.keyboard.press("Control+s");
    await expect(bar(tab)).toContainText("Waiting to be saved: 1 field. It goes out when the server is reached.");
    await expect(tab.getByRole("link", { name: "1 change waiting to be saved" })).toBeVisible();
    // Later than what is tried again by itself would be.
    await tab.waitForTimeout(6_000);
    let answered = Infinity;
    let sent = 0;
    tab.on("response", (response) => void (answered = Math.min(answered, response.fromServiceWorker() ? Infinity : Date.now())));
    tab.on("request", (request) => void (request.url().endsWith("/api/save_device") && (sent ||= Date.now())));
    await server.boot();
    await expect(tab.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "clean", { timeout: 30_000 });
    expect(sent - answered, "it goes out at once when the server is reached").toBeLessThan(8_000);
    await expect(bar(tab)).toBeHidden();
    await expect(tab.getByText("No connection.")).toBeHidden();
    expect(await saved(api, made.device, "expire_seconds")).toBe("120");
  } finally {
    await server.remove();
  }
});

test("after the session would have ended the page is locked until a sign-in", async ({ editor, page, context }) => {
  await editor.open();
  await kept(page);
  await context.setOffline(true);
  const tab = await context.newPage();
  await tab.clock.setFixedTime(Date.now() + 400 * 86_400_000);
  await goto(tab, editor.path);
  await expect(tab.getByRole("heading", { name: "Signed out" })).toBeVisible();
  await expect(tab.getByText("New Device")).toHaveCount(0);
  await context.setOffline(false);
});

test("only the application is kept by the service worker: nobody's page, no redirect to sign-in", async ({ page, context, api, made }) => {
  await goto(page, `/a/${api.account}/seats/${made.seat}`);
  await kept(page);
  await page.goto("/");
  await context.clearCookies();
  await page.goto("/");
  await expect(page).toHaveURL(/sign-in$/);
  const names = await page.evaluate(async () => {
    const out: string[] = [];
    for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) out.push(new URL(request.url).pathname);
    return out;
  });
  expect(names.filter((name) => !/^\/(shell$|pkg\/)/.test(name))).toEqual([]);
  const shell = await page.evaluate(async () => (await caches.match("/shell"))!.text());
  expect(shell).not.toMatch(/Seat \d|Test account|ops-north/);
  await alive(page);
});
