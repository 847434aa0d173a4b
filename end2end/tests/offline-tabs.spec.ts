import { bar, goto, kept, saved, seconds, stalls, stored } from "../lib/offline.ts";
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

/** Over plain http from elsewhere than localhost the browser has none. */
function withoutLocks() {
  delete (Navigator.prototype as any).locks;
}

for (const locks of [true, false]) {
  test(`what waits in one tab is sent once, whichever tab does it${locks ? "" : ", where the browser has no locks too"}`, async ({ editor, page, context, api }) => {
    if (!locks) await context.addInitScript(withoutLocks);
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
    const stalled = await stalls([page, tab]);
    await context.setOffline(false);
    for (const each of [page, tab]) await expect(bar(each)).toBeHidden({ timeout: 30_000 });
    expect(await saved(api, editor.made.device, "expire_seconds")).toBe("120");
    expect(new Set(sent).size).toBe(1);
    // Without locks, a tab that stands still for longer than its lease lets another one in.
    if (locks || (await stalled()) < 1_500) expect(most, "never by two tabs at once").toBe(1);
  });
}

/** A database that answers late: whoever does not wait for its turn reads what is about to be another. */
function lateDatabase() {
  const get = IDBObjectStore.prototype.get;
  IDBObjectStore.prototype.get = function (key) {
    const asked = get.call(this, key);
    if (this.name === "copies") Object.defineProperty(asked, "onsuccess", { set: (then) => asked.addEventListener("success", (event) => setTimeout(() => then.call(asked, event), 150)) });
    return asked;
  };
}

for (const locks of [true, false]) {
  test(`saved in one tab while another one is open, again and again: each change goes out under one operation id, and is applied once${locks ? "" : ", without locks too"}`, async ({ page, context, api }) => {
    test.setTimeout(120_000);
    if (!locks) await context.addInitScript(withoutLocks);
    await context.addInitScript(lateDatabase);
    const other = await context.newPage();
    const sent: string[] = [];
    for (const each of [page, other]) each.on("request", (request) => void (request.url().endsWith("/api/save_device") && sent.push(request.postDataJSON().patch.operation)));
    for (let n = 0; n < 6; n++) {
      const made = await api.newSeat(`Round ${n}`, `${String(Date.now()).slice(-8)}${n}`);
      const path = `/a/${api.account}/seats/${made.seat}/devices/${made.device}`;
      await goto(page, path);
      if (n === 0) await kept(page);
      await goto(other, n % 2 ? path : `/a/${api.account}/carriers`);
      await page.waitForTimeout(300);
      sent.length = 0;
      await context.setOffline(true);
      await seconds(page).fill("120");
      await page.keyboard.press("Control+s");
      await expect(bar(page)).toContainText("Waiting to be saved: 1 field.");
      if (n % 2) await expect(bar(other)).toContainText("Waiting to be saved: 1 field.");
      await api.saveDevice(made.device, { name: { text: "Renamed by others" } });
      // Both tabs hear of it at the same time.
      await context.setOffline(false);
      await expect(page.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "clean", { timeout: 30_000 });
      await page.waitForTimeout(500);
      expect(new Set(sent).size, `round ${n}: ${sent.join(", ")}`).toBe(1);
      const { rows } = await api.must<any>("activity", { account: api.account, ask: { device: made.device, seat: null, operator: null, before: null } });
      expect(rows.filter((row: any) => JSON.stringify(row.event.kind).includes("device_changed")), "the other one's, and this").toHaveLength(2);
    }
  });
}

test("where the browser has no locks, a tab that is gone keeps the others from saving for seconds and no longer", async ({ editor, page, context, api }) => {
  await context.addInitScript(withoutLocks);
  await editor.open();
  await seconds(page).fill("120");
  await expect.poll(() => stored(page)).toContain('{"text":"120"}');
  // As a tab leaves it that was killed while it wrote.
  await page.evaluate(async () => {
    const db: IDBDatabase = await new Promise((done) => {
      const open = indexedDB.open("seatline");
      open.onsuccess = () => done(open.result);
    });
    const put = db.transaction("about", "readwrite").objectStore("about").put(["1/1", Date.now() + 5_500], "lease/seatline.copies");
    await new Promise((done) => (put.onsuccess = done));
    db.close();
  });
  await seconds(page).fill("180");
  await page.keyboard.press("Control+s");
  await page.waitForTimeout(1_500);
  expect(await saved(api, editor.made.device, "expire_seconds"), "it waits for its turn").toBe("360");
  await editor.state("expire_seconds", "clean");
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("180");
});
