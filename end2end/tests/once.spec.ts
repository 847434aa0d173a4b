import { patch } from "../lib/api.ts";
import { alive, expect, test } from "../lib/test.ts";

test("SAVE pressed twice and Ctrl+S held down: one request, one version, one line in Activity", async ({ editor, page, api }) => {
  await editor.open();
  let sent = 0;
  await page.route("**/api/save_device", async (route) => {
    sent++;
    await new Promise((done) => setTimeout(done, 400));
    await route.continue();
  });
  await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
  await editor.save.dblclick();
  for (let n = 0; n < 5; n++) await page.keyboard.press("Control+s");
  await editor.state("expire_seconds", "clean");
  for (let n = 0; n < 3; n++) await page.keyboard.press("Control+s");
  await expect(page.locator("#announcer")).toHaveText("Nothing is modified.");
  expect(sent).toBe(1);
  const { rows } = await api.must<any>("activity", { account: api.account, ask: { device: editor.made.device, seat: null, operator: null, before: null } });
  expect(rows.filter((row: any) => JSON.stringify(row.event.kind).includes("device_changed"))).toHaveLength(1);
});

test("what is typed while a save is under way is not lost: it stays marked and goes with the next", async ({ editor, page, api }) => {
  await editor.open();
  let go = () => {};
  const held = new Promise<void>((done) => (go = done));
  await page.route("**/api/save_device", async (route) => {
    await held;
    await route.continue();
  });
  const seconds = page.getByLabel("Expire Seconds", { exact: true });
  await seconds.fill("120");
  await editor.save.click();
  await expect(page.getByRole("button", { name: "Saving" })).toBeDisabled();
  await seconds.fill("180");
  await page.getByLabel("Name", { exact: true }).fill("Typed meanwhile");
  go();
  await expect(editor.field("expire_seconds")).toContainText("was 120");
  await editor.state("expire_seconds", "modified");
  await editor.state("name", "modified");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Typed meanwhile");
  await page.unroute("**/api/save_device");
  await editor.save.click();
  await editor.state("name", "clean");
  const { values } = (await api.device(editor.made.device)).record;
  expect([values.expire_seconds.text, values.name.text]).toEqual(["180", "Typed meanwhile"]);
});

test("the same operation sent again is answered alike and applied once; with other values it is refused", async ({ api, made }) => {
  const view = await api.device(made.device);
  const sent = { account: api.account, device: made.device, patch: patch(view.record, { expire_seconds: { text: "120" } }), then_reboot: false };
  const [first, again] = [await api.call<any>("save_device", sent), await api.call<any>("save_device", sent)];
  expect(again).toEqual(first);
  await api.saveDevice(made.device, { expire_seconds: { text: "240" } });
  expect(await api.call<any>("save_device", sent)).toEqual(first);
  expect((await api.device(made.device)).record.values.expire_seconds.text).toBe("240");
  const other = { ...sent, patch: { ...sent.patch, items: sent.patch.items.map((item) => ({ ...item, value: { text: "300" } })) } };
  expect((await api.call<any>("save_device", other)).body.Problem).toBe("operation_reused");
  expect((await api.device(made.device)).record.values.expire_seconds.text).toBe("240");
});

test("a new seat, a device and a deletion are made once however often the button is pressed", async ({ page, api, made }) => {
  for (const fn of ["new_seat", "add_device", "delete_device"]) {
    await page.route(`**/api/${fn}`, async (route) => {
      await new Promise((done) => setTimeout(done, 300));
      await route.continue();
    });
  }
  const extension = String(Date.now()).slice(-9);
  await page.goto(`/a/${api.account}/seats/new`);
  await alive(page);
  await page.getByLabel("Name", { exact: true }).fill(`Once ${extension}`);
  await page.getByLabel("Extension", { exact: true }).fill(extension);
  await page.getByLabel("Extension", { exact: true }).press("Enter");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Editing New Device" })).toBeVisible();
  const found = await api.must<any>("seats", { account: api.account, ask: { text: `Once ${extension}`, not_registered: false, sort: "name", descending: false, after: null } });
  expect(found.rows).toHaveLength(1);
  await page.goto(`/a/${api.account}/seats/${made.seat}`);
  await alive(page);
  await page.getByRole("button", { name: "Add device" }).dblclick();
  await expect(page.getByRole("heading", { level: 1, name: "Editing New Device" })).toBeVisible();
  expect((await api.must<any>("seat", { account: api.account, seat: made.seat })).devices).toHaveLength(2);
  await page.getByRole("button", { name: "Delete Device" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete Device" }).dblclick();
  await expect(page).toHaveURL(new RegExp(`/seats/${made.seat}$`));
  expect((await api.must<any>("seat", { account: api.account, seat: made.seat })).devices).toHaveLength(1);
});
