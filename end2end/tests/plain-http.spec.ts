import { chromium, type Page, test } from "@playwright/test";
import { firstSeat, setUp } from "../lib/first.ts";
import { Server } from "../lib/server.ts";
import { Api } from "../lib/api.ts";
import { bar, goto, saved, seconds, stalls, stored } from "../lib/offline.ts";
import { ADMIN, alive, expect, REALM, violations } from "../lib/test.ts";

const NAME = "seats.plain.test";
const banner = (page: Page) => page.getByRole("status").filter({ hasText: "Plain http." });

test("over plain http from elsewhere than localhost it works, and says on every page what does not; from localhost it says nothing", async ({}, info) => {
  const server = await Server.start();
  const launch = info.project.use.launchOptions;
  const browser = await chromium.launch({ ...launch, args: [...launch!.args!, `--host-resolver-rules=MAP ${NAME} 127.0.0.1`] });
  try {
    const context = await browser.newContext({ viewport: { width: 1360, height: 1000 } });
    const violated = violations(context);
    const page = await context.newPage();
    const url = server.url.replace("127.0.0.1", NAME);
    await page.goto(`${url}/setup`);
    await alive(page);
    await expect(banner(page)).toBeVisible();
    await setUp(page, server, url);
    await expect(banner(page)).toContainText("What you type, passwords too, travels unencrypted.");
    await expect(banner(page)).toContainText("copying by button");
    expect((await page.context().cookies()).map(({ name, secure, httpOnly }) => [name, secure, httpOnly])).toEqual([
      ["seatline", false, true],
      ["seatline-known", false, true],
    ]);
    await firstSeat(page);
    await expect(banner(page)).toBeVisible();
    // What it says does not work, does not; and the rest does.
    await page.getByRole("button", { name: "Copy password", exact: true }).click();
    await expect(page.locator('[data-field="password"]')).toContainText("The browser does not let this page copy.");
    await page.getByRole("button", { name: "Generate password" }).click();
    await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
    await page.keyboard.press("Control+s");
    await expect(page.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "clean");
    await expect(page.locator('[data-field="password"]')).toHaveAttribute("data-state", "clean");

    const near = await page.context().newPage();
    await near.goto(`${server.url}/sign-in`);
    await alive(near);
    await expect(near.getByRole("button", { name: "Sign in" })).toBeVisible();
    await expect(banner(near)).toHaveCount(0);
    expect(violated).toEqual([]);
  } finally {
    await browser.close();
    await server.remove();
  }
});

test("over plain http from elsewhere two tabs keep one draft, without the password, and take turns: what waits goes out under one operation id", async ({}, info) => {
  test.setTimeout(90_000);
  const server = await Server.start();
  const launch = info.project.use.launchOptions;
  const browser = await chromium.launch({ ...launch, args: [...launch!.args!, `--host-resolver-rules=MAP ${NAME} 127.0.0.1`] });
  try {
    const api = new Api(server.url);
    await api.setUp(server.code, ADMIN.name, ADMIN.password, REALM);
    const url = server.url.replace("127.0.0.1", NAME);
    const context = await browser.newContext({ viewport: { width: 1360, height: 1000 } });
    const violated = violations(context);
    const [name, value] = api.cookie.split(/=(.*)/s);
    await context.addCookies([{ name, value, url, httpOnly: true, sameSite: "Lax" }]);
    const made = await api.newSeat("Front desk", "100");
    await context.addInitScript(() => {
      const put = IDBObjectStore.prototype.put;
      (window as any).writes = 0;
      IDBObjectStore.prototype.put = function (...args: [any, any?]) {
        if (this.name === "copies") (window as any).writes++;
        return put.apply(this, args);
      };
    });
    const tabs = [await context.newPage(), await context.newPage()];
    const operations: string[] = [];
    let [now, most] = [0, 0];
    await context.route("**/api/save_device", async (route) => {
      most = Math.max(most, ++now);
      operations.push(route.request().postDataJSON().patch.operation);
      await new Promise((done) => setTimeout(done, 4_000));
      now--;
      await route.continue();
    });
    for (const tab of tabs) await goto(tab, `${url}/a/${api.account}/seats/${made.seat}/devices/${made.device}`);
    expect(await tabs[0].evaluate(() => [isSecureContext, "locks" in navigator, "subtle" in crypto, "indexedDB" in window])).toEqual([false, false, false, true]);
    await seconds(tabs[0]).fill("120");
    await expect(seconds(tabs[1])).toHaveValue("120");
    await tabs[1].getByLabel("Name", { exact: true }).fill("Lobby phone");
    await expect(tabs[0].getByLabel("Name", { exact: true })).toHaveValue("Lobby phone");
    await tabs[1].getByLabel("Password", { exact: true }).fill("typed-in-the-clear-1");
    await tabs[1].waitForTimeout(1_500);
    expect(await stored(tabs[1])).not.toContain("typed-in-the-clear-1");
    await expect(tabs[0].locator('[data-field="password"]'), "only the tab that it was typed in has it").toHaveAttribute("data-state", "clean");
    for (const tab of tabs) expect(await tab.evaluate(() => (window as any).writes), "the tabs come to rest").toBeLessThan(10);
    await tabs[1].locator('[data-field="password"]').getByRole("button", { name: "undo" }).click();
    await context.setOffline(true);
    await tabs[0].keyboard.press("Control+s");
    for (const tab of tabs) await expect(bar(tab)).toContainText("Waiting to be saved: 2 fields.");
    const stalled = await stalls(tabs);
    await context.setOffline(false);
    for (const tab of tabs) await expect(bar(tab)).toBeHidden({ timeout: 30_000 });
    expect(await saved(api, made.device, "name")).toBe("Lobby phone");
    expect(new Set(operations).size).toBe(1);
    // A tab that stands still for longer than its lease lets the other one in.
    if ((await stalled()) < 1_500) expect(most, "never by two tabs at once").toBe(1);
    expect(violated).toEqual([]);
  } finally {
    await browser.close();
    await server.remove();
  }
});
