import type { Page } from "@playwright/test";
import { alive, expect, test } from "../lib/test.ts";

const seconds = (page: Page) => page.getByLabel("Expire Seconds", { exact: true });
const text = async (api: any, device: string, field: string) => (await api.device(device)).record.values[field].text;

test("what is typed before the page is alive counts", async ({ editor, page }) => {
  let go = () => {};
  const held = new Promise<void>((done) => (go = done));
  await page.route("**/*.wasm*", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(editor.path, { waitUntil: "domcontentloaded" });
  await seconds(page).fill("120");
  await page.getByLabel("Enabled", { exact: true }).uncheck();
  await page.getByLabel("Invite Format", { exact: true }).selectOption("username");
  expect(await page.locator("html[data-alive]").count()).toBe(0);
  go();
  await alive(page);
  for (const field of ["expire_seconds", "enabled", "invite_format"]) await editor.state(field, "modified");
  await expect(seconds(page)).toHaveValue("120");
  await expect(page).toHaveTitle(/^• Editing New Device/);
});

test("the save bar counts, undo puts one back, Discard all of them; the tab title shows unsaved edits", async ({ editor, page }) => {
  await editor.open();
  await seconds(page).fill("120");
  await page.getByLabel("Enabled", { exact: true }).uncheck();
  const bar = page.getByRole("region", { name: "Unsaved changes" });
  await expect(bar).toContainText("2 fields modified");
  await expect(page).toHaveTitle(/^• /);
  await editor.field("expire_seconds").getByRole("button", { name: "undo" }).click();
  await expect(seconds(page)).toHaveValue("360");
  await expect(bar).toContainText("1 field modified");
  await bar.getByRole("button", { name: "Discard" }).click();
  await expect(bar).toBeHidden();
  await expect(page.getByLabel("Enabled", { exact: true })).toBeChecked();
  await expect(page).toHaveTitle(/^Editing/);
});

test("Ctrl+S saves; a save without edits sends nothing", async ({ editor, page, api }) => {
  let sent = 0;
  page.on("request", (request) => (sent += request.url().endsWith("/api/save_device") ? 1 : 0));
  await editor.open();
  await page.keyboard.press("Control+s");
  await expect(page.locator("#announcer")).toHaveText("Nothing is modified.");
  await seconds(page).fill("120");
  await page.keyboard.press("Control+s");
  await editor.state("expire_seconds", "clean");
  expect(sent).toBe(1);
  expect(await text(api, editor.made.device, "expire_seconds")).toBe("120");
});

test("an inline error is the server's own, is not sent, and takes the focus", async ({ editor, page, api }) => {
  const refused = await api.call<any>("save_device", {
    account: api.account,
    device: editor.made.device,
    then_reboot: false,
    patch: {
      operation: crypto.randomUUID(),
      items: [{ field: "expire_seconds", value: { text: "59" }, based_on: (await api.device(editor.made.device)).record.stamps.expire_seconds ?? { version: 0, by: "", by_id: null, at: 0 } }],
    },
  });
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.body)).toContain('"expire_seconds":{"number":{"least":60,"most":86400}}');
  let sent = 0;
  page.on("request", (request) => (sent += request.url().endsWith("/api/save_device") ? 1 : 0));
  await editor.open();
  await seconds(page).fill("59");
  await editor.state("expire_seconds", "invalid");
  await expect(editor.mark("expire_seconds")).toBeVisible();
  await expect(editor.field("expire_seconds")).toContainText("Use a whole number from 60 to 86400.");
  await expect(seconds(page)).toHaveAttribute("aria-invalid", "true");
  await editor.save.click();
  await expect(seconds(page)).toBeFocused();
  expect(sent).toBe(0);
});

test("a username that is taken names its device at the field, with the focus there and every edit kept", async ({ editor, page, api }) => {
  const name = `desk_${editor.made.device.slice(0, 8)}`;
  const other = await api.newSeat(`Lobby ${name}`, String(50000 + Math.floor(Math.random() * 40000)), "Lobby phone");
  await api.saveDevice(other.device, { username: { text: name } });
  await editor.open();
  await seconds(page).fill("120");
  await page.getByLabel("Username", { exact: true }).fill(name.toUpperCase());
  await editor.save.click();
  await editor.state("username", "invalid");
  await expect(editor.field("username")).toContainText("Lobby phone");
  await expect(page.getByLabel("Username", { exact: true })).toBeFocused();
  await expect(seconds(page)).toHaveValue("120");
  await editor.state("expire_seconds", "modified");
  expect(await text(api, editor.made.device, "expire_seconds")).toBe("360");
});

test("a save whose answer was lost is sent again by itself, with the same operation, and applied once", async ({ editor, page, api }) => {
  await editor.open();
  const operations: string[] = [];
  let go = () => {};
  const held = new Promise<void>((done) => (go = done));
  await page.route("**/api/save_device", async (route) => {
    operations.push(route.request().postDataJSON().patch.operation);
    const response = await route.fetch();
    if (operations.length === 1) return route.abort();
    await held;
    await route.fulfill({ response });
  });
  await seconds(page).fill("120");
  await editor.save.click();
  await expect.poll(() => operations.length, "it is sent again").toBe(2);
  await editor.state("expire_seconds", "modified");
  const version = (await api.device(editor.made.device)).record.stamps.expire_seconds.version;
  go();
  await editor.state("expire_seconds", "clean");
  expect(operations).toHaveLength(2);
  expect(operations[0]).toBe(operations[1]);
  expect((await api.device(editor.made.device)).record.stamps.expire_seconds.version).toBe(version);
});

test("the save bar says before saving that the phone at its address drops", async ({ editor, page, api, phone }) => {
  const desk = await phone(await api.credentials(editor.made.device));
  expect(await desk.register()).toBe(200);
  await editor.open();
  const bar = page.getByRole("region", { name: "Unsaved changes" });
  await seconds(page).fill("120");
  await expect(bar).not.toContainText("drops");
  await page.getByLabel("Username", { exact: true }).fill("another_name");
  await expect(bar).toContainText("The phone at 127.0.0.1 drops its registration: set the new username in the phone too.");
});

test("Cmd+S saves too", async ({ editor, page }) => {
  await editor.open();
  await page.getByLabel("Expire Seconds", { exact: true }).fill("240");
  await page.keyboard.press("Meta+s");
  await editor.state("expire_seconds", "clean");
});

for (const [width, height] of [[1360, 800], [390, 844], [390, 600]] as const) {
  test(`what has the focus is never behind the save bar, on the way down, up, and at an error: ${width} × ${height}`, async ({ editor, page }) => {
    await page.setViewportSize({ width, height });
    await editor.open();
    const covered = () =>
      page.evaluate(() => {
        const bar = document.querySelector(".savebar")!.getBoundingClientRect();
        const focused = document.activeElement!;
        if (focused === document.body || focused.closest(".savebar, nav, header")) return "";
        const at = focused.getBoundingClientRect();
        return at.height > 0 && at.bottom > bar.top + 1 && at.top < bar.bottom ? `${focused.outerHTML.slice(0, 120)} ${at.top}-${at.bottom} under ${bar.top}` : "";
      });
    // Typed into where the bar is about to come.
    await page.getByLabel("Outbound Flags", { exact: true }).scrollIntoViewIfNeeded();
    await page.getByLabel("Outbound Flags", { exact: true }).fill("fax");
    await expect(page.getByRole("region", { name: "Unsaved changes" })).toBeVisible();
    await expect.poll(covered).toBe("");
    await page.getByLabel("Name", { exact: true }).focus();
    for (const key of ["Tab", "Shift+Tab"]) {
      for (let n = 0; n < 40; n++) {
        await page.keyboard.press(key);
        await expect.poll(covered, `${key} ${n}`).toBe("");
      }
    }
    await page.getByLabel("Outbound Flags", { exact: true }).fill("x".repeat(65));
    await page.getByLabel("Name", { exact: true }).focus();
    await page.keyboard.press("Control+s");
    await expect(page.getByLabel("Outbound Flags", { exact: true })).toBeFocused();
    await expect.poll(covered).toBe("");
    await expect(editor.field("outbound_flags").locator(".err")).toBeInViewport();
  });
}
