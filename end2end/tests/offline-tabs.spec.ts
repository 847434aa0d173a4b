import { bar, goto, kept, saved, seconds } from "../lib/offline.ts";
import { alive, expect, test } from "../lib/test.ts";

test("several tabs of one operator show one draft live, and one save", async ({ editor, page, context, api, complaints }) => {
  void complaints;
  await editor.open();
  const tab = await context.newPage();
  await tab.goto(editor.path);
  await alive(tab);
  await seconds(page).fill("120");
  await expect(seconds(tab)).toHaveValue("120");
  await expect(tab.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "modified");
  await tab.getByLabel("Name", { exact: true }).fill("Lobby phone");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Lobby phone");
  await tab.locator('[data-field="expire_seconds"]').getByRole("button", { name: "undo" }).click();
  await editor.state("expire_seconds", "clean");
  await tab.getByRole("button", { name: /^SAVE/ }).click();
  await editor.state("name", "clean");
  await expect(bar(page)).toBeHidden();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Lobby phone");
  expect(await saved(api, editor.made.device, "name")).toBe("Lobby phone");
});

test("what waits in one tab is sent once, whichever tab does it", async ({ editor, page, context, api }) => {
  await editor.open();
  // The other tab has what keeps drafts from the service worker: without a connection it would not come any more.
  await kept(page);
  const tab = await context.newPage();
  await goto(tab, editor.path);
  const sent: string[] = [];
  for (const each of [page, tab]) each.on("requestfinished", (request) => request.url().endsWith("/api/save_device") && sent.push(request.postDataJSON().patch.operation));
  let [now, most] = [0, 0];
  await context.route("**/api/save_device", async (route) => {
    most = Math.max(most, ++now);
    // Long enough for the other tab to hear of the connection.
    await page.waitForTimeout(5_000);
    now--;
    await route.continue();
  });
  await context.setOffline(true);
  await seconds(page).fill("120");
  await editor.save.click();
  for (const each of [page, tab]) await expect(bar(each)).toContainText("Waiting to be saved: 1 field.");
  await context.setOffline(false);
  for (const each of [page, tab]) await expect(bar(each)).toBeHidden({ timeout: 30_000 });
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("120");
  expect(new Set(sent).size).toBe(1);
  expect(most, "never by two tabs at once").toBe(1);
});
