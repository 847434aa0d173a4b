import type { Page } from "@playwright/test";
import { alive, type Editor, expect } from "./test.ts";

export const seconds = (page: Page) => page.getByLabel("Expire Seconds", { exact: true });
export const asked = (page: Page) => page.getByRole("dialog", { name: "Leave without saving?" });

/** Seats › seat › editor, the last step by a link, with one edit typed. */
export async function edited(editor: Editor, page: Page) {
  await page.goto(`/a/${editor.api.account}/seats`);
  await alive(page);
  await page.goto(`/a/${editor.api.account}/seats/${editor.made.seat}`);
  await alive(page);
  await page.locator(`main a[href="${editor.path}"]`).first().click();
  await expect(seconds(page)).toBeVisible();
  await seconds(page).click();
  await seconds(page).fill("120");
  await editor.state("expire_seconds", "modified");
}

/** The question stands, the safe choice has the focus, and Enter on it changes nothing. */
export async function stays(editor: Editor, page: Page) {
  await expect(asked(page)).toBeVisible();
  await expect(asked(page)).toContainText("1 field of New Device is modified and not saved");
  await expect(page.getByRole("button", { name: "Stay" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(asked(page)).toBeHidden();
  await here(editor, page);
}

/** The editor is on the page, at its address, with the edit. */
export async function here(editor: Editor, page: Page) {
  expect(new URL(page.url()).pathname).toBe(editor.path);
  await expect(seconds(page)).toHaveValue("120");
  await editor.state("expire_seconds", "modified");
}
