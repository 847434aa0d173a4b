import type { Page } from "@playwright/test";
import { bar, goto, kept, saved, seconds } from "../lib/offline.ts";
import { become, fresh, PASSWORD, somebody } from "../lib/people.ts";
import { alive, expect, test } from "../lib/test.ts";

/** Tab, until what has the focus has this name. */
async function tabTo(page: Page, name: string | RegExp, role: "button" | "textbox" | "link" | "switch" = "button") {
  const wanted = page.getByRole(role, { name, exact: true });
  for (let n = 0; n < 60; n++) {
    if (await wanted.evaluateAll((all) => all.some((element) => element === document.activeElement))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${name}`);
}

test("by keyboard alone: sign in, search, open, edit, save, ask for a reboot, ask for a deletion, sign out", async ({ page, context, api, server, phone }) => {
  const word = fresh("keys");
  const { name } = await somebody(server, "operator");
  await api.newSeat(`${word} one`, String(Date.now()).slice(-8), "First phone");
  const two = await api.newSeat(`${word} two`, String(Date.now() + 1).slice(-8), "Second phone");
  const desk = await phone(await api.credentials(two.device));
  expect(await desk.register()).toBe(200);
  await context.clearCookies();

  await page.goto("/sign-in");
  await alive(page);
  await tabTo(page, "Name", "textbox");
  await page.keyboard.type(name);
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Seats" })).toBeVisible();
  await alive(page);

  await page.keyboard.press("/");
  await page.keyboard.type(word);
  await expect(page.getByRole("link", { name: `${word} two` })).toBeVisible();
  await expect(page.getByRole("link", { name: /^Seat \d/ })).toHaveCount(0);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: `${word} two` })).toBeVisible();
  await tabTo(page, "Second phone", "link");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Editing Second phone" })).toBeVisible();

  await tabTo(page, "Expire Seconds", "textbox");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("240");
  await expect(page.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "modified");
  await page.keyboard.press("Control+s");
  await expect(page.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "clean");
  await expect(page.locator("#announcer")).toHaveText("Saved. 1 field.");
  await expect(page.getByRole("textbox", { name: "Expire Seconds" })).toBeFocused();

  for (const press of ["Reboot Device", "Delete Device"]) {
    await page.getByRole("heading", { level: 1 }).evaluate(() => (document.activeElement as HTMLElement).blur());
    await tabTo(page, press);
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: /Second phone\?$/ });
    await expect(dialog).toContainText("127.0.0.1");
    await expect(dialog).toContainText(`${word} two`);
    await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
    // The focus stays inside.
    for (let n = 0; n < 4; n++) await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement === document.body || !!document.activeElement?.closest("dialog"))).toBe(true);
    if (press === "Reboot Device") await page.keyboard.press("Escape");
    else {
      await tabTo(page, "Cancel");
      await page.keyboard.press("Enter");
    }
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("button", { name: press }), "the focus comes back").toBeFocused();
  }
  expect(desk.notified).toEqual([]);
  expect((await api.device(two.device)).record.values.expire_seconds.text).toBe("240");

  await tabTo(page, "Sign out");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/sign-in$/);
});

test("by keyboard alone without a connection: save later, the list of drafts, a choice, signing in over the page", async ({ editor, page, context, api, server }) => {
  test.setTimeout(120_000);
  const own = await somebody(server, "operator", "Test account", fresh("keys"));
  await become(context, own.api);
  await goto(page, editor.path);
  await kept(page);
  await context.setOffline(true);
  const type = async (text: string) => {
    await tabTo(page, "Expire Seconds", "textbox");
    await page.keyboard.press("Control+a");
    await page.keyboard.type(text);
    await page.keyboard.press("Control+s");
  };
  await type("120");
  await expect(bar(page)).toContainText("Waiting to be saved: 1 field.");
  await tabTo(page, "1 change waiting to be saved", "link");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("table", { name: "Unsaved on this computer" })).toBeVisible();
  await tabTo(page, "New Device", "link");
  await page.keyboard.press("Enter");
  await expect(seconds(page)).toHaveValue("120");

  await api.saveDevice(editor.made.device, { expire_seconds: { text: "600" } });
  await context.setOffline(false);
  await expect(bar(page)).toContainText("Needs your choice", { timeout: 30_000 });
  await tabTo(page, "Choose");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: /saved this device while you were editing/ });
  await expect(dialog.getByRole("button", { name: "Go back to editing" })).toBeFocused();
  // Into the pair of radio buttons, and to the other one.
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("ArrowLeft");
  await expect(dialog.getByRole("radio", { name: /saved$/ })).toBeChecked();
  await page.keyboard.press("ArrowRight");
  await expect(dialog.getByRole("radio", { name: /yours$/ })).toBeChecked();
  await tabTo(page, "Save merged");
  await page.keyboard.press("Enter");
  await editor.state("expire_seconds", "clean");
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("120");

  await own.api.must("sign_out", {});
  await type("130");
  await expect(bar(page)).toContainText("You are signed out");
  await bar(page).getByRole("button", { name: "Sign in" }).evaluate(() => (document.activeElement as HTMLElement).blur());
  await tabTo(page, "Sign in");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Sign in to go on" }).getByLabel("Password")).toBeFocused();
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await editor.state("expire_seconds", "clean");
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("130");
});
