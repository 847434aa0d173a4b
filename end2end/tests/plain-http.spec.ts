import { chromium, type Page, test } from "@playwright/test";
import { firstSeat, setUp } from "../lib/first.ts";
import { Server } from "../lib/server.ts";
import { alive, expect, violations } from "../lib/test.ts";

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
    expect((await page.context().cookies()).map(({ name, secure, httpOnly }) => [name, secure, httpOnly])).toEqual([["seatline", false, true]]);
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
