import { expect, test } from "../lib/test.ts";

test("a mark comes with the first keystroke and goes when the value is put back", async ({ editor, page }) => {
  await editor.open();
  await expect(page.getByRole("heading", { level: 1, name: "Editing New Device" })).toBeVisible();
  const seconds = page.getByLabel("Expire Seconds", { exact: true });
  await expect(seconds).toHaveValue("360");
  await editor.state("expire_seconds", "clean");
  await seconds.fill("120");
  await editor.state("expire_seconds", "modified");
  await expect(editor.mark("expire_seconds")).toBeVisible();
  await expect(editor.field("expire_seconds")).toContainText("was 360");
  await seconds.fill("360");
  await editor.state("expire_seconds", "clean");
  await expect(editor.mark("expire_seconds")).toHaveCount(0);
});

test("SAVE sends only what is modified, clears the marks and says so", async ({ editor, page, api }) => {
  await editor.open();
  await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
  const sent = page.waitForRequest("**/api/save_device");
  await editor.save.click();
  const body = (await sent).postDataJSON();
  expect(body.patch.items.map((item: { field: string }) => item.field)).toEqual(["expire_seconds"]);
  await editor.state("expire_seconds", "clean");
  await expect(page.getByRole("status").filter({ hasText: /saved/i }).first()).toBeAttached();
  expect((await api.device(editor.made.device)).record.values.expire_seconds.text).toBe("120");
});
