import type { Page } from "@playwright/test";
import { Mortal } from "../lib/browser.ts";
import { bar, copies, goto, saved, seconds, stored } from "../lib/offline.ts";
import { asked } from "../lib/leave.ts";
import { alive, expect, test } from "../lib/test.ts";

test("three devices edited, the browser killed: all is as it was left, the list marks them, and it is saved", async ({ api, server }) => {
  test.setTimeout(120_000);
  const mark = String(Date.now()).slice(-7);
  const made = [];
  for (const n of [1, 2, 3]) made.push(await api.newSeat(`Killed ${mark} ${n}`, `${mark}${n}`));
  const path = (n: number) => `${server.url}/a/${api.account}/seats/${made[n].seat}/devices/${made[n].device}`;
  const browser = new Mortal();
  try {
    let page = await browser.start(api);
    await goto(page, path(0));
    await seconds(page).fill("120");
    await page.getByLabel("Password", { exact: true }).fill("typed-and-kept-1");
    for (const n of [1, 2]) {
      const tab = await page.context().newPage();
      await goto(tab, path(n));
      await tab.getByLabel("Name", { exact: true }).fill(`Renamed ${n}`);
      await seconds(tab).fill("12x");
    }
    // What the database has is kept.
    const there = async () => {
      const text = await copies(page);
      return [text.split('{"text":"12x"}').length - 1, text.includes('"sealed":[{"at":0,"field":"password"}]')];
    };
    await expect.poll(there).toEqual([2, true]);
    await browser.kill();

    page = await browser.start(api);
    await goto(page, path(0));
    const state = (name: string) => page.locator(`[data-field="${name}"]`);
    await expect(state("expire_seconds")).toHaveAttribute("data-state", "modified");
    await expect(state("password")).toHaveAttribute("data-state", "modified");
    await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
    await expect(page.getByLabel("Password", { exact: true })).toHaveValue("typed-and-kept-1");
    await page.keyboard.press("Control+s");
    await expect(state("password")).toHaveAttribute("data-state", "clean");
    expect(await api.password(made[0].device)).toBe("typed-and-kept-1");

    await goto(page, `${server.url}/a/${api.account}/seats?q=Killed+${mark}`);
    await expect(page.getByRole("row").filter({ hasText: `Killed ${mark} 2` }).getByRole("img", { name: "Unsaved draft" })).toBeVisible();
    await expect(page.getByRole("row").filter({ hasText: `Killed ${mark} 1` }).getByRole("img", { name: "Unsaved draft" })).toHaveCount(0);
    await page.getByRole("button", { name: "Unsaved drafts · 2" }).click();
    const drafts = page.getByRole("table", { name: "Unsaved on this computer" });
    await expect(drafts.getByRole("row")).toHaveCount(3);
    await drafts.getByRole("link").first().click();
    await expect(state("expire_seconds")).toHaveAttribute("data-state", "invalid");
    await expect(seconds(page)).toHaveValue("12x");
    await seconds(page).fill("240");
    await page.keyboard.press("Control+s");
    await expect(state("name")).toHaveAttribute("data-state", "clean");
  } finally {
    await browser.remove();
  }
});

test("a typed password outlives a reload and is stored encrypted alone", async ({ editor, page, complaints }) => {
  void complaints;
  page.on("dialog", (dialog) => void dialog.accept());
  await editor.open();
  await page.getByLabel("Password", { exact: true }).fill("a-typed-secret-9");
  await expect(editor.field("password")).toContainText("kept on this computer, encrypted");
  await expect.poll(() => stored(page)).toContain('"edits":{"password"');
  expect(await stored(page)).not.toContain("a-typed-secret-9");
  await page.reload();
  await alive(page);
  await editor.state("password", "modified");
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("a-typed-secret-9");
});

test("Keep as a draft leaves and loses nothing; what others saved meanwhile comes in under it, and is told", async ({ editor, page, api }) => {
  await editor.open();
  await seconds(page).fill("120");
  await page.getByRole("link", { name: "Carriers" }).click();
  await asked(page).getByRole("button", { name: "Keep as a draft" }).click();
  await expect(page).toHaveURL(/\/carriers$/);
  await api.saveDevice(editor.made.device, { mac: { text: "" }, number: { text: "" }, name: { text: "Lobby phone" } });
  await page.goBack();
  await editor.state("expire_seconds", "modified");
  await expect(page.getByText("changed Name to Lobby phone meanwhile; it is kept.")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Lobby phone");
  await editor.save.click();
  await editor.state("expire_seconds", "clean");
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("120");
});

test("Keep as a draft goes where Back went, and a later Leave and lose them drops the draft for good", async ({ editor, page }) => {
  await goto(page, `/a/${editor.api.account}/seats/${editor.made.seat}`);
  await page.locator(`main a[href="${editor.path}"]`).first().click();
  await expect(seconds(page)).toBeVisible();
  await seconds(page).click();
  await seconds(page).fill("120");
  await page.evaluate(() => history.back());
  await asked(page).getByRole("button", { name: "Keep as a draft" }).click();
  await expect(page).toHaveURL(new RegExp(`/seats/${editor.made.seat}$`));
  await page.goForward();
  await editor.state("expire_seconds", "modified");
  await page.getByRole("link", { name: "Carriers" }).click();
  await asked(page).getByRole("button", { name: "Leave and lose them" }).click();
  await page.goBack();
  await editor.state("expire_seconds", "clean");
  await page.reload();
  await alive(page);
  await editor.state("expire_seconds", "clean");
});

/** No draft can be stored from the next page on. */
const full = (page: Page) =>
  page.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...args: [any, any?]) {
      if (this.name === "copies") throw new DOMException("full", "QuotaExceededError");
      return put.apply(this, args);
    };
  });

test("a storage that is full is said before anything can be lost; saving goes on", async ({ editor, page, api, complaints }) => {
  void complaints;
  await full(page);
  await editor.open();
  await seconds(page).fill("120");
  await expect(bar(page)).toContainText("This computer has no room for drafts: edits live in this page alone");
  await editor.save.click();
  await editor.state("expire_seconds", "clean");
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("120");
});

test("a storage that is full: no draft is promised, and what waits lives as long as the tab, which is asked about", async ({ editor, page, context, api }) => {
  await full(page);
  await editor.open();
  await seconds(page).fill("120");
  await expect(bar(page)).toContainText("This computer has no room for drafts");
  await page.getByRole("link", { name: "Carriers" }).click();
  await expect(asked(page)).toContainText("If you leave now, that change is lost.");
  await expect(asked(page).getByRole("button", { name: "Keep as a draft" })).toHaveCount(0);
  await asked(page).getByRole("button", { name: "Stay" }).click();
  await context.setOffline(true);
  await editor.save.click();
  await expect(bar(page)).toContainText("Waiting to be saved: 1 field.");
  await page.getByRole("link", { name: "Carriers" }).click();
  await expect(page).toHaveURL(/\/carriers$/);
  const asks: string[] = [];
  page.on("dialog", (dialog) => {
    asks.push(dialog.type());
    void dialog.dismiss();
  });
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => asks).toEqual(["beforeunload"]);
  await context.setOffline(false);
  await expect.poll(() => saved(api, editor.made.device, "expire_seconds"), { timeout: 30_000 }).toBe("120");
});

test("drafts that a newer version wrote are left alone, and the page says so", async ({ editor, page, api }) => {
  await editor.open();
  await seconds(page).fill("120");
  await expect.poll(() => stored(page)).toContain('{"text":"120"}');
  // Until the page has nothing more to write.
  await expect.poll(() => copies(page)).toContain('{"text":"120"}');
  await page.waitForTimeout(1_000);
  await page.evaluate(async () => {
    const db: IDBDatabase = await new Promise((done) => {
      const open = indexedDB.open("seatline");
      open.onsuccess = () => done(open.result);
    });
    const store = db.transaction("copies", "readwrite").objectStore("copies");
    const cursor: IDBCursorWithValue = await new Promise((done) => {
      const ask = store.openCursor();
      ask.onsuccess = () => done(ask.result!);
    });
    await new Promise((done) => (cursor.update(['{"format":99}']).onsuccess = done));
    db.close();
  });
  page.on("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await alive(page);
  await editor.state("expire_seconds", "clean");
  await seconds(page).fill("240");
  await expect(bar(page)).toContainText("A newer version of Seatline wrote a draft here.");
  await editor.save.click();
  await editor.state("expire_seconds", "clean");
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("240");
  expect(await stored(page)).toContain('{"format":99}');
});

test("what was typed a moment before the page went is there again", async ({ editor, page }) => {
  page.on("dialog", (dialog) => void dialog.accept());
  await editor.open();
  await seconds(page).fill("120");
  await expect.poll(() => stored(page)).toContain('{"text":"120"}');
  // What keeps drafts is loaded a moment after the page is alive.
  const there = () => page.evaluate(() => performance.getEntriesByType("resource").some((entry) => /split_offline/.test(entry.name) && (entry as PerformanceResourceTiming).responseEnd > 0));
  for (const value of ["130", "140", "150"]) {
    await expect.poll(there).toBe(true);
    await page.waitForTimeout(500);
    // Typed and gone in one go.
    await page.evaluate((value) => {
      Object.assign(window, { before: true });
      const input = document.querySelector<HTMLInputElement>('[data-field="expire_seconds"] input')!;
      input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      location.reload();
    }, value);
    await page.waitForFunction(() => !("before" in window));
    await alive(page);
    await expect(seconds(page)).toHaveValue(value);
  }
});
