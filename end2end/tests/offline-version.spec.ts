import { NEXT, nextBuild } from "../lib/builds.ts";
import { asked } from "../lib/leave.ts";
import { bar, goto, kept, saved, seconds } from "../lib/offline.ts";
import { become } from "../lib/people.ts";
import { Server } from "../lib/server.ts";
import { Api } from "../lib/api.ts";
import { ADMIN, expect, REALM, test } from "../lib/test.ts";

test("a new version is offered, never swapped under edits; the old tab goes on saving and loading its parts", async ({ page, context }) => {
  test.setTimeout(120_000);
  const next = nextBuild();
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
    await server.boot(next.path);
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
    await expect(page.locator(`link[href="/pkg/${NEXT}/main.css"]`)).toBeAttached();
    await expect(seconds(page)).toHaveValue("240");
    await expect(page.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "modified");
    await expect(page.getByText("A new version of Seatline is there.")).toBeHidden();
  } finally {
    await server.remove();
    next.remove();
  }
});

test.describe("before anything of the build was kept", () => {
  // With a service worker the files of the build before would be here.
  test.use({ serviceWorkers: "block" });

  test("upgraded in a page's first second: the file that saves is gone; SAVE says what to do, and nothing typed is lost by it", async ({ page, context }) => {
    test.setTimeout(120_000);
    const next = nextBuild();
    const server = await Server.start();
    try {
      const api = new Api(server.url);
      await api.setUp(server.code, ADMIN.name, ADMIN.password, REALM);
      await context.clearCookies();
      await become(context, api);
      const made = await api.newSeat("Front desk", "100");
      let go = () => {};
      const held = new Promise<void>((done) => (go = done));
      await page.route("**/split_offline.wasm*", async (route) => {
        await held;
        await route.continue();
      });
      await goto(page, `${server.url}/a/${api.account}/seats/${made.seat}/devices/${made.device}`);
      await seconds(page).fill("120");
      await page.getByLabel("Password", { exact: true }).fill("typed-and-kept-1");
      await page.keyboard.press("Control+s");
      await expect(page.getByRole("button", { name: "Saving" })).toBeDisabled();
      await server.stop();
      await server.boot(next.path);
      go();
      const offer = page.getByText("A new version of Seatline is there.");
      await expect(offer).toBeVisible({ timeout: 20_000 });
      const words = "Not saved: this page is of the version before. Load the new one, then press SAVE.";
      await expect(bar(page)).toContainText(words);
      await expect(bar(page)).toContainText("2 fields modified");
      await expect(bar(page)).not.toContainText("Waiting to be saved");
      // Pressed again it says so again, and what is typed meanwhile is kept too.
      await page.getByLabel("Name", { exact: true }).fill("Lobby phone");
      await expect(bar(page)).not.toContainText(words);
      await page.keyboard.press("Control+s");
      await expect(bar(page)).toContainText(words);
      expect(await saved(api, made.device, "expire_seconds")).toBe("360");
      await page.getByRole("button", { name: "Sign out" }).click();
      await asked(page).getByRole("button", { name: "Keep as a draft" }).click();
      await expect(page.getByText("Load the new version, then sign out.")).toBeVisible();
      await page.getByLabel("MAC Address", { exact: true }).fill("805ec0123456");
      await page.waitForTimeout(400);

      await page.getByRole("button", { name: "Load it" }).click();
      await asked(page).getByRole("button", { name: "Keep as a draft" }).click();
      await expect(page.locator(`link[href="/pkg/${NEXT}/main.css"]`)).toBeAttached();
      for (const field of ["expire_seconds", "password", "name", "mac"]) await expect(page.locator(`[data-field="${field}"]`)).toHaveAttribute("data-state", "modified");
      await expect(offer).toBeHidden();
      await page.getByRole("button", { name: /^SAVE/ }).click();
      await expect(page.locator('[data-field="password"]')).toHaveAttribute("data-state", "clean");
      expect(await saved(api, made.device, "expire_seconds")).toBe("120");
      expect(await saved(api, made.device, "name")).toBe("Lobby phone");
      expect(await api.password(made.device)).toBe("typed-and-kept-1");
    } finally {
      await server.remove();
      next.remove();
    }
  });
});
