import { depth, press } from "../lib/history.ts";
import { asked, edited, here, seconds, stays } from "../lib/leave.ts";
import { alive, expect, test } from "../lib/test.ts";

test("the browser's own Back asks, again after Stay, and leaves only when told to", async ({ editor, page }) => {
  await edited(editor, page);
  const before = await depth(page);
  await press(page, -1);
  await stays(editor, page);
  await press(page, -1);
  await stays(editor, page);
  expect(await depth(page)).toEqual(before);
  await press(page, -1);
  await page.getByRole("button", { name: "Leave and lose them" }).click();
  await expect(page).toHaveURL(new RegExp(`/seats/${editor.made.seat}$`));
  await press(page, 1);
  await expect(seconds(page)).toHaveValue("360");
});

test("the browser's own Back several times, with nothing between, still asks and loses nothing", async ({ editor, page }) => {
  await edited(editor, page);
  const before = await depth(page);
  const browser = await page.context().newCDPSession(page);
  const { currentIndex, entries } = await browser.send("Page.getNavigationHistory");
  for (const back of [1, 1, 2]) await browser.send("Page.navigateToHistoryEntry", { entryId: entries[currentIndex - back].id });
  if (await asked(page).waitFor({ timeout: 4_000 }).then(() => true, () => false)) {
    await stays(editor, page);
    expect(await depth(page)).toEqual(before);
  } else {
    // What the browser lets pass where nobody touched the page between is not lost: the draft is there.
    await page.goto(editor.path);
    await here(editor, page);
  }
});

test("the browser's own Forward asks; Save and leave saves, then goes there", async ({ editor, page, api }) => {
  await edited(editor, page);
  await seconds(page).fill("360");
  await page.getByRole("link", { name: "Carriers" }).click();
  await expect(page).toHaveURL(/\/carriers$/);
  await press(page, -1);
  await seconds(page).fill("120");
  await editor.state("expire_seconds", "modified");
  await press(page, 1);
  await stays(editor, page);
  await press(page, 1);
  await page.getByRole("button", { name: "Save and leave" }).click();
  await expect(page).toHaveURL(/\/carriers$/);
  await expect(page.getByRole("heading", { level: 1, name: "Carriers" })).toBeVisible();
  expect((await api.device(editor.made.device)).record.values.expire_seconds.text).toBe("120");
});

test("closing the tab asks in the browser's own words; refused, it stays with every edit; put back, nothing asks", async ({ editor, page }) => {
  const asks: string[] = [];
  page.on("dialog", (dialog) => {
    asks.push(dialog.type());
    void dialog.dismiss();
  });
  await edited(editor, page);
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => asks).toEqual(["beforeunload"]);
  expect(page.isClosed()).toBe(false);
  await here(editor, page);
  await seconds(page).fill("360");
  await editor.state("expire_seconds", "clean");
  const closed = page.waitForEvent("close");
  await page.close({ runBeforeUnload: true });
  await closed;
  expect(asks).toEqual(["beforeunload"]);
});

test("a reload that is refused stays with every edit", async ({ editor, page }) => {
  const asks: string[] = [];
  page.on("dialog", (dialog) => {
    asks.push(dialog.type());
    void dialog.dismiss();
  });
  await edited(editor, page);
  await page.evaluate(() => setTimeout(() => location.reload()));
  await expect.poll(() => asks).toEqual(["beforeunload"]);
  await here(editor, page);
});

test("after Back over the question, the next way out asks anew, and Escape is Stay", async ({ editor, page }) => {
  await edited(editor, page);
  await press(page, -1);
  await expect(asked(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(asked(page)).toBeHidden();
  await here(editor, page);
  await page.getByRole("link", { name: "Activity", exact: true }).focus();
  await page.keyboard.press("Enter");
  await stays(editor, page);
  await page.getByRole("link", { name: "Activity", exact: true }).click();
  await page.getByRole("button", { name: "Leave and lose them" }).click();
  await expect(page).toHaveURL(/\/activity$/);
  await page.reload();
  await alive(page);
});
