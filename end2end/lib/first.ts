import type { Page } from "@playwright/test";
import type { Server } from "./server.ts";
import { ADMIN, alive, expect, REALM } from "./test.ts";

/** The first start in the browser: the admin is made, and the seats are shown. */
export async function setUp(page: Page, server: Server, url = server.url) {
  await page.goto(`${url}/setup`);
  await alive(page);
  const answers = { Code: server.code, "Your name": ADMIN.name, Password: ADMIN.password, Account: "Test account", "First realm": REALM };
  for (const [label, text] of Object.entries(answers)) await page.getByLabel(label, { exact: true }).fill(text);
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Seats" })).toBeVisible();
}

/** Makes a seat in the browser and answers the address of its device's editor, which is on the page. */
export async function firstSeat(page: Page) {
  await alive(page);
  await page.getByRole("link", { name: "New seat" }).click();
  await page.waitForURL(/seats\/new/);
  await alive(page);
  await page.getByLabel("Name", { exact: true }).fill("Front desk");
  await page.getByLabel("Extension", { exact: true }).fill("100");
  await page.getByLabel("Extension", { exact: true }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Editing New Device" })).toBeVisible();
  return page.url();
}
