import type { Page } from "@playwright/test";
import { copies, saved, stored } from "../lib/offline.ts";
import { address, become, elsewhere, fresh, PASSWORD, somebody } from "../lib/people.ts";
import { alive, expect, test } from "../lib/test.ts";

/** How many notes hold a password, sealed. */
const sealed = async (page: Page) => (await stored(page)).split('"sealed":[{"at":0,"field":"password"}]').length - 1;

// A service worker would have the script there at once.
test.use({ serviceWorkers: "block" });

/** Loads the page and holds its script back until the answer is called. */
async function slow(page: Page, path: string) {
  let go = () => {};
  const held = new Promise<void>((done) => (go = done));
  await page.route("**/*.wasm*", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(path, { waitUntil: "domcontentloaded" });
  await page.waitForTimeout(100);
  expect(await page.locator("html[data-alive]").count()).toBe(0);
  return async () => {
    go();
    await alive(page);
  };
}

test("typed before the editor is alive: every kind of control counts, and the caret stays where it is", async ({ editor, page, api }) => {
  const go = await slow(page, editor.path);
  await page.getByLabel("Name", { exact: true }).fill("Early bird");
  await page.getByLabel("MAC Address", { exact: true }).fill("805ec0777777");
  await page.getByLabel("Username", { exact: true }).fill("early_user");
  await page.getByLabel("Outbound Flags", { exact: true }).fill("fax,night");
  await page.getByLabel("Expire Seconds", { exact: true }).focus();
  await page.keyboard.press("End");
  await page.keyboard.type("0");
  await go();
  for (const field of ["name", "mac", "username", "outbound_flags", "expire_seconds"]) await editor.state(field, "modified");
  await expect(page.getByLabel("Expire Seconds", { exact: true })).toBeFocused();
  await page.keyboard.type("0");
  await expect(page.getByLabel("Expire Seconds", { exact: true })).toHaveValue("36000");
  await editor.save.click();
  await expect(page.getByRole("region", { name: "Unsaved changes" })).toBeHidden();
  const { values } = (await api.device(editor.made.device)).record;
  expect([values.name.text, values.username.text, values.expire_seconds.text]).toEqual(["Early bird", "early_user", "36000"]);
  expect(values.outbound_flags.flags.map((flag: any) => flag.name)).toEqual(["fax", "night"]);
  await api.saveDevice(editor.made.device, { mac: { text: "" } });
});

test("what stands in the password's field before the editor is alive is never taken: password managers fill it", async ({ editor, page }) => {
  const go = await slow(page, editor.path);
  await page.getByLabel("Password", { exact: true }).fill("filled-by-a-manager");
  await go();
  await editor.state("password", "clean");
  await expect(page.getByRole("region", { name: "Unsaved changes" })).toBeHidden();
  await expect(page.getByLabel("Password", { exact: true })).not.toHaveValue("filled-by-a-manager");
});

test("typed early, then left by a link: it asks", async ({ editor, page }) => {
  const go = await slow(page, editor.path);
  await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
  await go();
  await page.getByRole("link", { name: "Carriers" }).click();
  await expect(page.getByRole("dialog", { name: "Leave without saving?" })).toBeVisible();
});

test("typed early on the pages of a new seat, of a seat and of sign-in it counts too", async ({ page, context, server }) => {
  const { api, account } = await elsewhere(server);
  const made = await api.newSeat("Front desk", "100");
  await become(context, api);
  let go = await slow(page, `/a/${api.account}/seats/${made.seat}`);
  await page.getByLabel("Extension", { exact: true }).fill("101");
  await go();
  await expect(page.locator('[data-field="extension"]')).toHaveAttribute("data-state", "modified");
  await page.keyboard.press("Control+s");
  await expect(page.locator('[data-field="extension"]')).toHaveAttribute("data-state", "clean");

  go = await slow(page, `/a/${api.account}/seats/new`);
  await page.getByLabel("Name", { exact: true }).fill("Early desk");
  await page.getByLabel("Extension", { exact: true }).fill("102");
  await go();
  await page.getByLabel("Extension", { exact: true }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Editing New Device" })).toBeVisible();
  await expect(page.locator("header.page")).toContainText("seat Early desk, extension 102");

  const { name } = await somebody(server, "viewer", account, fresh("early"));
  await context.clearCookies();
  go = await slow(page, "/sign-in");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await go();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText(`${name} · Viewer`)).toBeVisible();
});

test("the kind of a flag that is chosen before the page is alive is its kind", async ({ editor, page }) => {
  let go = () => {};
  const held = new Promise<void>((done) => (go = done));
  await page.route("**/seatline_bg.wasm*", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(editor.path);
  await page.getByLabel("Kind of the next flag").selectOption("dynamic");
  await page.getByLabel("Outbound Flags", { exact: true }).fill("zone");
  go();
  await alive(page);
  await editor.state("outbound_flags", "modified");
  await expect(page.getByLabel("Kind of the next flag")).toHaveValue("dynamic");
  await expect(editor.field("outbound_flags")).toContainText("Sample values: zone as");
});

test("a link that is followed while a part of the page is on its way leads where it says", async ({ page, api, made }) => {
  const held: (() => void)[] = [];
  await page.route("**/split_seats.wasm*", async (route) => {
    await new Promise<void>((done) => held.push(done));
    await route.continue();
  });
  await page.goto(`/a/${api.account}/seats/${made.seat}`);
  await expect.poll(() => held.length, "all but the part is there").toBe(1);
  await page.waitForTimeout(300);
  await page.getByRole("link", { name: "Carriers" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Carriers" })).toBeVisible();
  await alive(page);
  for (const go of held) go();
});

test("what is typed while the file that keeps drafts is on its way outlives the tab, a password too", async ({ editor, page, context, api }) => {
  await context.route("**/split_offline.wasm*", () => undefined);
  await editor.open();
  await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
  await page.getByLabel("Password", { exact: true }).fill("typed-in-the-first-second");
  await expect.poll(() => sealed(page)).toBe(1);
  await expect.poll(() => stored(page)).toContain('"edits":{"expire_seconds"');
  expect(await stored(page), "nothing of a secret is stored in the clear").not.toContain("typed-in-the");
  await page.close();
  await context.unroute("**/split_offline.wasm*");
  const list = await context.newPage();
  await list.goto(`/a/${api.account}/seats`);
  await expect(list.getByRole("button", { name: "Unsaved drafts · 1" }), "before its page is opened again").toBeVisible();
  const again = await context.newPage();
  await again.goto(editor.path);
  await alive(again);
  await expect(again.locator('[data-field="password"]')).toHaveAttribute("data-state", "modified");
  await again.getByLabel("Password", { exact: true }).focus();
  await expect(again.getByLabel("Password", { exact: true })).toHaveValue("typed-in-the-first-second");
  await expect(again.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "modified");
  await expect(again.getByLabel("Expire Seconds", { exact: true })).toHaveValue("120");
});

for (const secret of [false, true]) {
  test(`two tabs of a device, both without that file: what was typed in either is in the draft${secret ? ", with a password in each" : ""}`, async ({ editor, page, context }) => {
    await context.route("**/split_offline.wasm*", () => undefined);
    await editor.open();
    const other = await context.newPage();
    await other.goto(editor.path);
    await alive(other);
    await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
    if (secret) await page.getByLabel("Password", { exact: true }).fill("typed-in-the-first-tab");
    if (secret) await expect.poll(() => sealed(page)).toBe(1);
    await other.getByLabel("Name", { exact: true }).fill("Typed in the other");
    if (secret) await other.getByLabel("Password", { exact: true }).fill("typed-in-the-other-tab");
    await expect.poll(() => stored(page)).toContain("Typed in the other");
    if (secret) await expect.poll(() => sealed(page)).toBe(2);
    for (const tab of [page, other]) await tab.close();
    await context.unroute("**/split_offline.wasm*");
    const again = await context.newPage();
    await again.goto(editor.path);
    await alive(again);
    for (const field of ["expire_seconds", "name", ...(secret ? ["password"] : [])]) await expect(again.locator(`[data-field="${field}"]`)).toHaveAttribute("data-state", "modified");
    await expect(again.getByLabel("Expire Seconds", { exact: true })).toHaveValue("120");
    await expect(again.getByLabel("Name", { exact: true })).toHaveValue("Typed in the other");
    if (secret) {
      await again.getByLabel("Password", { exact: true }).focus();
      await expect(again.getByLabel("Password", { exact: true })).toHaveValue(/^typed-in-the-(first|other)-tab$/);
    }
    // What was taken in is no note any more.
    await expect.poll(() => again.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith("seatline.note.")))).toEqual([]);
  });
}

test("the file comes to one tab alone: its draft has what the other one typed, before and after", async ({ editor, page, context }) => {
  let go = () => {};
  const held = new Promise<void>((done) => (go = done));
  await page.route("**/split_offline.wasm*", async (route) => {
    await held;
    await route.continue();
  });
  const other = await context.newPage();
  await other.route("**/split_offline.wasm*", () => undefined);
  await editor.open();
  await other.goto(editor.path);
  await alive(other);
  await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
  await other.getByLabel("Password", { exact: true }).fill("typed-in-the-other-tab");
  await expect.poll(() => sealed(page)).toBe(1);
  go();
  await editor.state("password", "modified");
  await other.getByLabel("Name", { exact: true }).fill("Typed after that");
  await other.waitForTimeout(400);
  await other.close();
  // The next thing that is written takes it in.
  await page.getByLabel("Expire Seconds", { exact: true }).fill("180");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Typed after that");
  await editor.state("name", "modified");
  await expect(page.getByLabel("Expire Seconds", { exact: true })).toHaveValue("180");
  await page.getByLabel("Password", { exact: true }).focus();
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("typed-in-the-other-tab");
});

test("a tab where that file is on its way hears of a sign-out all the same, and keeps nothing behind it", async ({ editor, page, context, server }) => {
  const own = await somebody(server, "operator");
  await become(context, own.api);
  await editor.open();
  const late = await context.newPage();
  let go = () => {};
  const held = new Promise<void>((done) => (go = done));
  await late.route("**/split_offline.wasm*", async (route) => {
    await held;
    await route.continue();
  });
  await late.goto(editor.path);
  await alive(late);
  await late.getByLabel("Password", { exact: true }).fill("typed-before-the-end");
  await late.waitForTimeout(400);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(late).toHaveURL(/\/sign-in/);
  go();
  await page.waitForTimeout(500);
  const left = await stored(page);
  expect(left).not.toContain("a key");
  expect(left).not.toContain("effective_realm");
});

/** Holds the file that keeps drafts back until the answer is called. */
async function holdBack(page: Page) {
  let go = () => {};
  const held = new Promise<void>((done) => (go = done));
  await page.route("**/split_offline.wasm*", async (route) => {
    await held;
    await route.continue();
  });
  return go;
}

test("what somebody else saves while that file is on its way still waits for a choice once it is there, and what was typed stays", async ({ editor, page, server }) => {
  const go = await holdBack(page);
  // The file is there before the typed password is sealed in a note.
  await page.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value, key) {
      return String(key).startsWith("note/") ? this.get(key!) : put.call(this, value, key);
    };
  });
  const east = await somebody(server, "operator");
  await editor.open();
  await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
  await page.getByLabel("Password", { exact: true }).fill("typed-before-it-came");
  await east.api.saveDevice(editor.made.device, { method: { text: "ip" }, ip: { list: [address()] }, expire_seconds: { text: "600" } });
  for (const field of ["expire_seconds", "password"]) await editor.state(field, "conflict");
  go();
  await expect.poll(() => copies(page)).toContain('"sealed":[{"at":0,"field":"password"}]');
  for (const field of ["expire_seconds", "password"]) await editor.state(field, "conflict");
  await expect(page.getByLabel("Expire Seconds", { exact: true })).toHaveValue("120");
});

test("what is typed after a SAVE that waits for that file waits for the next SAVE", async ({ editor, page, api }) => {
  const go = await holdBack(page);
  await editor.open();
  await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
  await editor.save.click();
  await page.getByLabel("Name", { exact: true }).fill("Typed since");
  go();
  await editor.state("expire_seconds", "clean");
  await editor.state("name", "modified");
  expect(await saved(api, editor.made.device, "name")).toBe("New Device");
  await editor.save.click();
  await editor.state("name", "clean");
  expect(await saved(api, editor.made.device, "name")).toBe("Typed since");
});
