import type { Page } from "@playwright/test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Api } from "../lib/api.ts";
import { Cluster } from "../lib/cluster.ts";
import { Phone, type Login } from "../lib/phone.ts";
import { Server } from "../lib/server.ts";
import { ADMIN, alive, expect, REALM, test } from "../lib/test.ts";

/** Signs in, makes a seat, edits and saves its device, sees a phone register and reboots it. */
async function story(page: Page, api: Api, phone: (login: Login) => Promise<Phone>) {
  await page.goto("/sign-in");
  await alive(page);
  await page.getByLabel("Name", { exact: true }).fill(ADMIN.name);
  await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("link", { name: "New seat" }).or(page.getByRole("button", { name: "New seat" })).first().click();
  await page.waitForURL(/seats\/new/);
  await alive(page);
  await page.getByLabel("Name", { exact: true }).fill("Story desk");
  await page.getByLabel("Extension", { exact: true }).fill("7001");
  await page.getByRole("button", { name: /Make|Create|Add|New seat/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Editing New Device");
  await page.getByLabel("Expire Seconds", { exact: true }).fill("90");
  await page.keyboard.press("Control+s");
  await expect(page.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "clean");

  const device = page.url().split("/").pop()!;
  const login = await api.credentials(device);
  const desk = await phone(login);
  expect(await desk.register()).toBe(200);
  await expect(page.getByText(/^Registered/).first()).toBeVisible();

  await page.getByRole("button", { name: "Reboot Device" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("New Device");
  await expect(dialog).toContainText("Story desk");
  await expect(dialog).toContainText(desk.address.split(":")[0]);
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await dialog.getByRole("button", { name: "Reboot Device" }).click();
  await expect.poll(() => desk.notified).toEqual(["check-sync;reboot=true"]);
  await expect(page.getByText(/Phone answered 200/)).toBeVisible();
  await desk.leave();
  await expect(page.getByText(/Went away/)).toBeVisible();
  expect(await desk.restart()).toBe(200);
  await expect(page.getByText(/Restarted and back/)).toBeVisible();
}

test("an operator signs in, makes a seat, edits, saves, sees a phone register and reboots it", async ({ browser, server, admin, phone }) => {
  await story(await (await browser.newContext({ baseURL: server.url })).newPage(), admin, phone);
});

test("the same on PostgreSQL, and it is there after a restart", async ({ browser }) => {
  const cluster = await Cluster.start();
  let server: Server | undefined;
  const phones: Phone[] = [];
  try {
    server = await Server.start(["--database", cluster.url]);
    const { sipPort } = server;
    const api = new Api(server.url);
    await api.setUp(server.code, ADMIN.name, ADMIN.password, REALM);
    const page = await (await browser.newContext({ baseURL: server.url })).newPage();
    await story(page, api, async (login) => {
      phones.push(await Phone.start(login, sipPort));
      return phones[phones.length - 1];
    });
    const { pathname } = new URL(page.url());
    await server.stop();
    await server.boot();
    await page.goto(pathname);
    await expect(page.getByLabel("Expire Seconds", { exact: true })).toHaveValue("90");
    await expect(page.getByRole("region", { name: "On the network" })).toContainText("Registered");
    expect(existsSync(join(server.data, "seatline.db")), "nothing of it is in a file").toBe(false);
  } finally {
    for (const phone of phones) phone.close();
    await server?.remove();
    await cluster.remove();
  }
});
