import type { Page } from "@playwright/test";
import { bar, goto, kept, saved, seconds } from "../lib/offline.ts";
import { become } from "../lib/people.ts";
import { Server } from "../lib/server.ts";
import { Api } from "../lib/api.ts";
import { ADMIN, alive, type Editor, expect, REALM, test } from "../lib/test.ts";

/** Edits Expire Seconds and presses SAVE, without a connection. */
async function queued(editor: Editor, page: Page, value = "120") {
  await editor.open();
  await kept(page);
  await page.context().setOffline(true);
  await seconds(page).fill(value);
  await editor.save.click();
  await expect(bar(page)).toContainText("Waiting to be saved: 1 field.");
}

const stamp = async (api: Api, device: string) => (await api.device(device)).record.stamps.expire_seconds?.version ?? 0;

test("SAVE without a connection waits, takes further edits in, leaves the page usable and goes out as one", async ({ editor, page, api, complaints }) => {
  void complaints;
  const sent: any[] = [];
  page.on("request", (request) => request.url().endsWith("/api/save_device") && sent.push(request.postDataJSON().patch));
  await queued(editor, page);
  await expect(bar(page)).toContainText("It goes out when the server is reached.");
  await expect(page.locator("#announcer")).toHaveText("Waiting to be saved: 1 field.");
  await editor.state("expire_seconds", "modified");
  await page.getByLabel("Name", { exact: true }).fill("Lobby phone");
  await seconds(page).fill("180");
  await expect(bar(page)).toContainText("2 fields modified");
  await editor.save.click();
  await expect(bar(page)).toContainText("Waiting to be saved: 2 fields.");
  // What waits is kept: leaving asks nothing.
  await page.getByRole("link", { name: "Seats", exact: true }).first().click();
  await expect(page).toHaveURL(/\/seats$/);
  await expect(page.getByRole("link", { name: "1 change waiting to be saved" })).toBeVisible();
  const before = await stamp(api, editor.made.device);
  await page.context().setOffline(false);
  await expect(page.getByRole("link", { name: /waiting to be saved/ })).toBeHidden({ timeout: 30_000 });
  const { values } = (await api.device(editor.made.device)).record;
  expect([values.expire_seconds.text, values.name.text]).toEqual(["180", "Lobby phone"]);
  expect(await stamp(api, editor.made.device)).toBeGreaterThan(before);
  expect(new Set(sent.filter((patch) => patch.items.length === 2).map((patch) => patch.operation)).size).toBe(1);
});

test("somebody else saved another field meanwhile: merged, and the note says what came in", async ({ editor, page, api }) => {
  await queued(editor, page);
  await api.saveDevice(editor.made.device, { name: { text: "Renamed by others" } });
  await page.context().setOffline(false);
  await editor.state("expire_seconds", "clean");
  await expect(page.getByText("changed Name to Renamed by others meanwhile; it is kept.")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Renamed by others");
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("120");
});

test("what came in while its page was not open is told once that is opened", async ({ editor, page, api }) => {
  await queued(editor, page);
  await api.saveDevice(editor.made.device, { name: { text: "Renamed by others" } });
  await page.getByRole("link", { name: "Seats", exact: true }).first().click();
  await expect(page.getByRole("link", { name: "1 change waiting to be saved" })).toBeVisible();
  await page.context().setOffline(false);
  await expect(page.getByRole("link", { name: /waiting to be saved/ })).toBeHidden({ timeout: 30_000 });
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("120");
  await expect(page.getByText("meanwhile; it is kept.")).toHaveCount(0);
  await page.goBack();
  await expect(page.getByText("changed Name to Renamed by others meanwhile; it is kept.")).toBeVisible();
  await editor.state("expire_seconds", "clean");
});

test("both touched a field: it needs a choice, nothing is gone before it, and the choice is checked again", async ({ editor, page, api }) => {
  await queued(editor, page);
  await api.saveDevice(editor.made.device, { expire_seconds: { text: "600" } });
  await page.context().setOffline(false);
  await expect(bar(page)).toContainText("Needs your choice", { timeout: 30_000 });
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("600");
  await bar(page).getByRole("button", { name: "Choose" }).click();
  const dialog = page.getByRole("dialog", { name: /saved this device while you were editing/ });
  for (const words of ["360", "600", "120"]) await expect(dialog).toContainText(words);
  // Somebody saves again while the choice stands.
  await page.context().setOffline(true);
  await api.saveDevice(editor.made.device, { expire_seconds: { text: "700" } });
  await dialog.getByRole("button", { name: "Save merged" }).click();
  await page.context().setOffline(false);
  await expect(bar(page)).toContainText("Needs your choice", { timeout: 30_000 });
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("700");
  // Where the answer comes while the press is not over, the question opens by itself.
  await expect(async () => {
    if (!(await dialog.isVisible())) await bar(page).getByRole("button", { name: "Choose" }).click({ timeout: 1000 });
    await expect(dialog).toContainText("700", { timeout: 2000 });
  }).toPass();
  await dialog.getByRole("button", { name: "Save merged" }).click();
  await editor.state("expire_seconds", "clean");
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("120");
});

test("deleted meanwhile: the draft stays to read and copy, and is saved once the device is restored", async ({ editor, page, api }) => {
  await queued(editor, page);
  await api.must("delete_device", { account: api.account, device: editor.made.device, operation: crypto.randomUUID() });
  await page.context().setOffline(false);
  await expect(bar(page)).toContainText(`${ADMIN.name} deleted New Device`, { timeout: 30_000 });
  await expect(bar(page)).toContainText("Your edits are kept here, to read and copy");
  await expect(seconds(page)).toHaveValue("120");
  // It has no page any more: the list says what was typed.
  const list = await page.context().newPage();
  await goto(list, `/a/${api.account}/seats?drafts=1`);
  const row = list.getByRole("row").filter({ hasText: "Not saved: deleted meanwhile" });
  await expect(row.getByRole("term")).toHaveText("Expire Seconds");
  await expect(row.getByRole("definition")).toHaveText("120");
  await expect(row.getByRole("link"), "and leads nowhere").toHaveCount(0);
  await list.close();
  await api.must("restore_device", { account: api.account, device: editor.made.device, operation: crypto.randomUUID(), instead: [] });
  await expect(bar(page)).not.toContainText("deleted New Device");
  await editor.save.click();
  await editor.state("expire_seconds", "clean");
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("120");
});

test("refused by a rule: the error at its field, every edit kept", async ({ editor, page, api }) => {
  const name = `taken_${editor.made.device.slice(0, 8)}`;
  await editor.open();
  await kept(page);
  await page.context().setOffline(true);
  await seconds(page).fill("120");
  await page.getByLabel("Username", { exact: true }).fill(name);
  await editor.save.click();
  await expect(bar(page)).toContainText("Waiting to be saved: 2 fields.");
  const other = await api.newSeat(`Holder ${name}`, String(Date.now()).slice(-9), "Holder phone");
  await api.saveDevice(other.device, { username: { text: name } });
  await page.context().setOffline(false);
  await editor.state("username", "invalid");
  await expect(editor.field("username")).toContainText("Holder phone");
  await expect(bar(page)).toContainText("Not saved: see the marked fields.");
  await editor.state("expire_seconds", "modified");
  await page.getByLabel("Username", { exact: true }).fill(`${name}2`);
  await editor.save.click();
  await editor.state("username", "clean");
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("120");
});

test("the server killed after its commit and before its answer: sent again by itself, applied once", async ({ page, context }) => {
  test.setTimeout(90_000);
  const server = await Server.start();
  try {
    const api = new Api(server.url);
    await api.setUp(server.code, ADMIN.name, ADMIN.password, REALM);
    await context.clearCookies();
    await become(context, api);
    const made = await api.newSeat("Front desk", "100");
    const operations: string[] = [];
    let killed = false;
    await page.route("**/api/save_device", async (route) => {
      operations.push(route.request().postDataJSON().patch.operation);
      if (killed) return route.continue();
      killed = true;
      await route.fetch();
      await server.stop("SIGKILL");
      await route.abort();
    });
    await goto(page, `${server.url}/a/${api.account}/seats/${made.seat}/devices/${made.device}`);
    await seconds(page).fill("120");
    await page.keyboard.press("Control+s");
    await expect(bar(page)).toContainText("Waiting to be saved: 1 field.");
    // It was sent, and stays as it was; a later edit is another change.
    await seconds(page).fill("240");
    await page.keyboard.press("Control+s");
    await server.boot();
    const field = page.locator('[data-field="expire_seconds"]');
    await expect(field).toHaveAttribute("data-state", "clean", { timeout: 45_000 });
    expect(operations[1]).toBe(operations[0]);
    expect(new Set(operations).size).toBe(2);
    expect(await saved(api, made.device, "expire_seconds")).toBe("240");
    const { rows } = await api.must<any>("activity", { account: api.account, ask: { device: made.device, seat: null, operator: null, before: null } });
    expect(rows.filter((row: any) => JSON.stringify(row.event.kind).includes("device_changed"))).toHaveLength(2);
  } finally {
    await server.remove();
  }
});

test("edited while a send is in flight: the later edit forms the next change, with an operation id of its own", async ({ editor, page, api }) => {
  await editor.open();
  const operations: string[] = [];
  let go = () => {};
  const held = new Promise<void>((done) => (go = done));
  await page.route("**/api/save_device", async (route) => {
    operations.push(route.request().postDataJSON().patch.operation);
    if (operations.length === 1) await held;
    await route.continue();
  });
  await seconds(page).fill("120");
  await editor.save.click();
  await seconds(page).fill("180");
  go();
  await expect(editor.field("expire_seconds")).toContainText("was 120");
  await editor.save.click();
  await editor.state("expire_seconds", "clean");
  expect(new Set(operations).size).toBe(2);
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("180");
});

test("SAVE pressed while a send is in flight saves what was edited since, once the answer is there", async ({ editor, page, api }) => {
  await editor.open();
  const sent: any[] = [];
  page.on("request", (request) => request.url().endsWith("/api/save_device") && sent.push(request.postDataJSON().patch));
  await page.route("**/api/save_device", async (route) => {
    await new Promise((done) => setTimeout(done, sent.length > 1 ? 0 : 2_000));
    await route.continue();
  });
  await seconds(page).fill("120");
  await editor.save.click();
  await page.getByLabel("Name", { exact: true }).fill("Typed meanwhile");
  await editor.save.click();
  await editor.state("name", "clean");
  await editor.state("expire_seconds", "clean");
  await expect(bar(page)).toBeHidden();
  const { values } = (await api.device(editor.made.device)).record;
  expect([values.expire_seconds.text, values.name.text]).toEqual(["120", "Typed meanwhile"]);
  expect(sent.map((patch) => patch.items.map((item: any) => item.field))).toEqual([["expire_seconds"], ["name"]]);
  expect(new Set(sent.map((patch) => patch.operation)).size).toBe(2);
});

test("Drop it drops what waits too: nothing of it is saved later", async ({ editor, page, api }) => {
  await queued(editor, page);
  await page.getByRole("link", { name: "Seats", exact: true }).first().click();
  await page.getByRole("button", { name: "Unsaved drafts · 1" }).click();
  await page.getByText("What you typed").click();
  await page.getByRole("button", { name: "Drop it" }).click();
  await expect(page.getByText("Nothing is kept unsaved on this computer.")).toBeVisible();
  await page.context().setOffline(false);
  await page.waitForTimeout(4_000);
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("360");
});

test("carriers and settings are never queued: disabled without a connection, and they say why; a carrier's edits are kept", async ({ page, context, api, complaints }) => {
  void complaints;
  const values = { carrier_name: { text: `Coast ${Date.now()}` }, carrier_uri: { text: "sip:coast.example.net" } };
  const carrier = await api.must<string>("new_carrier", { account: api.account, operation: crypto.randomUUID(), values });
  await goto(page, `/a/${api.account}/carriers/${carrier}`);
  await kept(page);
  await context.setOffline(true);
  await page.getByLabel("Weight").fill("10");
  await page.keyboard.press("Control+s");
  await expect(bar(page)).toContainText("Saved with a connection only. Your edits are kept.");
  await expect(page.getByRole("button", { name: /^SAVE/ })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Delete carrier" })).toBeDisabled();
  await context.setOffline(false);
  await expect(page.getByRole("button", { name: /^SAVE/ })).toBeEnabled({ timeout: 30_000 });
  await page.getByRole("button", { name: /^SAVE/ }).click();
  await expect(page.locator('[data-field="weight"]')).toHaveAttribute("data-state", "clean");

  // What keeps drafts hears that the network goes away, and a stream that opens only then says that the server is reached: both come first.
  const ready = Promise.all([page.waitForResponse(/\/live\//), page.waitForResponse(/\/split_offline\.wasm/)]);
  await goto(page, `/a/${api.account}/settings`);
  await ready;
  await page.waitForTimeout(200);
  await context.setOffline(true);
  await expect(page.getByText("Settings need a connection.")).toBeVisible({ timeout: 15_000 });
  expect(await page.locator(".settings fieldset").first().evaluate((all: HTMLFieldSetElement) => [all.disabled, all.querySelectorAll("button, input, select").length > 5, all.querySelectorAll(":enabled:not(fieldset)").length])).toEqual([true, true, 0]);
  await context.setOffline(false);
  await alive(page);
});
