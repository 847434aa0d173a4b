import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { asked } from "../lib/leave.ts";
import { bar, goto, kept, saved, seconds } from "../lib/offline.ts";
import { become } from "../lib/people.ts";
import { Server } from "../lib/server.ts";
import { Api } from "../lib/api.ts";
import { ADMIN, expect, REALM, test } from "../lib/test.ts";

/** The build that the tests run with. */
function site() {
  const sites = join(import.meta.dirname, "../../target/site");
  return process.env.SEATLINE_SITE ?? join(sites, readFileSync(join(sites, "current"), "utf8").trim());
}

test("a new version is offered, never swapped under edits; the old tab goes on saving and loading its parts", async ({ page, context }) => {
  test.setTimeout(120_000);
  const builds = mkdtempSync(join(tmpdir(), "seatline-builds-"));
  const next = join(builds, "feedfacefeedface");
  cpSync(site(), next, { recursive: true });
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
    await seconds(page).fill("120");
    await page.getByLabel("Password", { exact: true }).fill("typed-and-kept-1");
    await server.stop();
    await server.boot(next);
    await expect(page.getByText("A new version of Seatline is there.")).toBeVisible({ timeout: 45_000 });
    await expect(seconds(page)).toHaveValue("120");

    // The old tab saves, and loads a part of its own build that the server does not have any more.
    await page.keyboard.press("Control+s");
    await expect(bar(page)).toBeHidden();
    expect(await saved(api, made.device, "expire_seconds")).toBe("120");
    await page.getByRole("link", { name: "Settings" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
    await page.goBack();
    await seconds(page).fill("240");
    await page.getByRole("button", { name: "Load it" }).click();
    await asked(page).getByRole("button", { name: "Keep as a draft" }).click();
    await expect(page.locator('link[href="/pkg/feedfacefeedface/main.css"]')).toBeAttached();
    await expect(seconds(page)).toHaveValue("240");
    await expect(page.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "modified");
    await expect(page.getByText("A new version of Seatline is there.")).toBeHidden();
  } finally {
    await server.remove();
    rmSync(builds, { recursive: true, force: true });
  }
});
