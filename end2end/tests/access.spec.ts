import { accessibility, expect, test } from "../lib/test.ts";

const LABELS = ["Realm", "Invite Format", "Expire Seconds", "Outbound Flags", "Authentication Method", "Username", "Password"];

for (const scheme of ["light", "dark"] as const) {
  test(`axe-core finds nothing on the editor with marks, errors and dialogs, ${scheme}`, async ({ editor, page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await editor.open();
    await accessibility(page);
    await page.getByLabel("Expire Seconds", { exact: true }).fill("59");
    await page.getByLabel("Enabled", { exact: true }).uncheck();
    await page.getByLabel("Outbound Flags", { exact: true }).fill("fax,");
    await editor.state("expire_seconds", "invalid");
    await accessibility(page);
    for (const [press, close] of [["Delete Device", "Cancel"], ["Reboot Device", "Close"], ["Sign out", "Stay"]]) {
      await page.getByRole("button", { name: press, exact: true }).first().click();
      await expect(page.getByRole("button", { name: close })).toBeFocused();
      await accessibility(page);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toBeHidden();
    }
  });
}

test("the labels are the accessible names, exactly", async ({ editor, page }) => {
  await editor.open();
  const names = await page.locator(".field > label").allTextContents();
  for (const label of LABELS) expect(names).toContain(label);
  for (const label of LABELS) await expect(page.getByLabel(label, { exact: true })).toHaveCount(1);
});

test("by keyboard alone: edit, undo, save", async ({ editor, page, api }) => {
  await editor.open();
  const here = () => page.evaluate(() => document.activeElement?.id);
  for (let n = 0; n < 40 && (await here()) !== "f-expire_seconds"; n++) await page.keyboard.press("Tab");
  expect(await here()).toBe("f-expire_seconds");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("180");
  await editor.state("expire_seconds", "modified");
  await page.keyboard.press("Tab");
  await expect(editor.field("expire_seconds").getByRole("button", { name: "undo" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Expire Seconds", { exact: true })).toBeFocused();
  await editor.state("expire_seconds", "clean");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("240");
  await page.keyboard.press("Control+s");
  await editor.state("expire_seconds", "clean");
  expect((await api.device(editor.made.device)).record.values.expire_seconds.text).toBe("240");
});

test("usable at 390 px: nothing scrolls sideways, with marks, an error and a dialog", async ({ editor, page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  const over = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await editor.open();
  expect(await over()).toBeLessThanOrEqual(0);
  await page.getByLabel("Expire Seconds", { exact: true }).fill("59");
  await editor.state("expire_seconds", "invalid");
  expect(await over()).toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: "Delete Device" }).click();
  const box = (await page.getByRole("dialog").boundingBox())!;
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(390);
  expect(await over()).toBeLessThanOrEqual(0);
});
