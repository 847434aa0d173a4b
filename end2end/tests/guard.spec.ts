import { alive, expect, test } from "../lib/test.ts";
import { asked, edited, seconds, stays } from "../lib/leave.ts";

test("a link asks; Stay keeps the edits, Leave and lose them goes and drops them", async ({ editor, page }) => {
  await edited(editor, page);
  await page.getByRole("link", { name: "Carriers" }).click();
  await stays(editor, page);
  await page.getByRole("link", { name: "Carriers" }).click();
  await page.getByRole("button", { name: "Leave and lose them" }).click();
  await expect(page).toHaveURL(/\/carriers$/);
  await page.goBack();
  await expect(seconds(page)).toHaveValue("360");
});

test("Save and leave saves, then goes", async ({ editor, page, api }) => {
  await edited(editor, page);
  await page.getByRole("link", { name: "Carriers" }).click();
  await page.getByRole("button", { name: "Save and leave" }).click();
  await expect(page).toHaveURL(/\/carriers$/);
  expect((await api.device(editor.made.device)).record.values.expire_seconds.text).toBe("120");
});

test("Save and leave with an error stays, with the focus on it", async ({ editor, page, api }) => {
  await edited(editor, page);
  await seconds(page).fill("59");
  await page.getByRole("link", { name: "Carriers" }).click();
  await page.getByRole("button", { name: "Save and leave" }).click();
  await expect(asked(page)).toBeHidden();
  await expect(seconds(page)).toBeFocused();
  expect(new URL(page.url()).pathname).toBe(editor.path);
  expect((await api.device(editor.made.device)).record.values.expire_seconds.text).toBe("360");
});

test("Back asks, and leaves only when told to", async ({ editor, page }) => {
  await edited(editor, page);
  await page.evaluate(() => history.back());
  await stays(editor, page);
  await page.evaluate(() => history.back());
  await page.getByRole("button", { name: "Leave and lose them" }).click();
  await expect(page).toHaveURL(new RegExp(`/seats/${editor.made.seat}$`));
});

test("two Backs in a row, without anything between, still ask", async ({ editor, page }) => {
  await edited(editor, page);
  const length = await page.evaluate(() => history.length);
  // Both are over before anybody answers.
  await page.evaluate(
    () =>
      new Promise<void>((done) => {
        history.back();
        setTimeout(() => {
          history.back();
          setTimeout(done, 440);
        }, 60);
      }),
  );
  await stays(editor, page);
  expect(await page.evaluate(() => history.length)).toBe(length);
});

test("Forward asks", async ({ editor, page }) => {
  await edited(editor, page);
  await seconds(page).fill("360");
  await page.getByRole("link", { name: "Carriers" }).click();
  await expect(page).toHaveURL(/\/carriers$/);
  await page.goBack();
  await expect(seconds(page)).toBeVisible();
  await seconds(page).fill("120");
  await editor.state("expire_seconds", "modified");
  await page.evaluate(() => history.forward());
  await stays(editor, page);
});

test("signing out asks", async ({ editor, page }) => {
  await edited(editor, page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await stays(editor, page);
});

test("nothing asks when a value is back to what it was", async ({ editor, page }) => {
  await edited(editor, page);
  await seconds(page).fill("360");
  await editor.state("expire_seconds", "clean");
  await page.getByRole("link", { name: "Carriers" }).click();
  await expect(page).toHaveURL(/\/carriers$/);
  await expect(asked(page)).toBeHidden();
});

test("closing or reloading the tab asks in the browser's own words, and only with edits", async ({ editor, page }) => {
  const kinds: string[] = [];
  page.on("dialog", (dialog) => {
    kinds.push(dialog.type());
    void dialog.accept();
  });
  await edited(editor, page);
  await page.reload();
  expect(kinds).toEqual(["beforeunload"]);
  await alive(page);
  await expect(seconds(page)).toHaveValue("120");
  await seconds(page).fill("360");
  await editor.state("expire_seconds", "clean");
  await page.reload();
  await alive(page);
  expect(kinds).toEqual(["beforeunload"]);
});
