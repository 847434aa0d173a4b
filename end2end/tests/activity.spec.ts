import { become, elsewhere, fresh, somebody } from "../lib/people.ts";
import { alive, expect, test } from "../lib/test.ts";

test("Activity tells who did what, newest first, from → to, with secrets as changed", async ({ page, context, server }) => {
  const { api, account } = await elsewhere(server);
  const other = await somebody(server, "operator", account);
  const made = await api.newSeat("Front desk", "100", "Lobby");
  await other.api.saveDevice(made.device, { expire_seconds: { text: "120" } });
  await api.saveDevice(made.device, { password: { secret: "Tr0ub4dor-and-3" } });
  await become(context, api);
  await page.goto(`/a/${api.account}/activity`);
  await alive(page);
  const rows = page.locator("ol.events > li");
  await expect(rows.first()).toContainText("changed the device Lobby");
  await expect(rows.first().locator(".changes")).toHaveText(/Password\s+changed/);
  await expect(rows.nth(1)).toContainText(`${other.name} changed the device Lobby`);
  await expect(rows.nth(1).locator("del")).toHaveText("360");
  await expect(rows.nth(1).locator("ins")).toHaveText("120");
  expect(await page.content()).not.toContain("Tr0ub4dor");
  expect(JSON.stringify(await api.must("activity", { account: api.account, ask: { device: null, seat: null, operator: null, before: null } }))).not.toContain("Tr0ub4dor");

  // New ones come by themselves, on top.
  await other.api.saveDevice(made.device, { name: { text: "Door" } });
  await expect(rows.first()).toContainText("changed the device");
  await expect(rows.first().locator("ins")).toHaveText("Door");

  await page.getByLabel("Operator").selectOption(other.name);
  await expect(page).toHaveURL(/operator=/);
  await expect(rows.filter({ hasText: "changed the device" })).toHaveCount(2);
  for (const row of await rows.all()) await expect(row).toContainText(other.name);
});

test("Activity narrows to a device and to a seat by its address", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  const [one, two] = [await api.newSeat("One", "1", "Phone one"), await api.newSeat("Two", "2", "Phone two")];
  await api.saveDevice(two.device, { expire_seconds: { text: "90" } });
  await become(context, api);
  const rows = page.locator("ol.events > li");
  await page.goto(`/a/${api.account}/activity?device=${two.device}`);
  await alive(page);
  await expect(rows.filter({ hasText: "changed the device Phone two" })).toHaveCount(1);
  await expect(rows.filter({ hasText: "Phone one" })).toHaveCount(0);
  await page.getByRole("link", { name: "Show every device" }).click();
  await expect(rows.filter({ hasText: "Phone one" }).first()).toBeVisible();
  await page.goto(`/a/${api.account}/activity?seat=${one.seat}`);
  await expect(rows.filter({ hasText: "One" }).first()).toBeVisible();
  await expect(rows.filter({ hasText: "Two" })).toHaveCount(0);
});

test("Activity is reached narrowed from the editor, from the seat and from a row, and widened again", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  const [one, two] = [await api.newSeat("One", "1", "Phone one"), await api.newSeat("Two", "2", "Phone two")];
  await api.saveDevice(one.device, { expire_seconds: { text: "90" } });
  await become(context, api);
  const rows = page.locator("ol.events > li");
  await page.goto(`/a/${api.account}/seats/${one.seat}/devices/${one.device}`);
  await alive(page);
  await page.getByRole("link", { name: "Activity of this device" }).click();
  await expect(page).toHaveURL(new RegExp(`/activity\\?device=${one.device}$`));
  await expect(rows).toHaveText([/changed the device Phone one/, /made the device Phone one/]);
  await expect(rows.getByRole("link", { name: /^Only this/ }), "narrowed to it already").toHaveCount(0);

  await page.goto(`/a/${api.account}/seats/${two.seat}`);
  await alive(page);
  await page.getByRole("link", { name: "Activity of this seat" }).click();
  await expect(page).toHaveURL(new RegExp(`/activity\\?seat=${two.seat}$`));
  await expect(rows).toHaveText([/made the device Phone two/, /made the seat Two/]);

  await page.getByRole("link", { name: "Show every seat" }).click();
  await expect(rows.filter({ hasText: "Phone one" })).toHaveCount(2);
  await rows.filter({ hasText: "changed the device Phone one" }).getByRole("link", { name: "Only this Phone one" }).click();
  await expect(page).toHaveURL(new RegExp(`device=${one.device}`));
  await expect(rows).toHaveText([/changed the device Phone one/, /made the device Phone one/]);
  await page.getByRole("link", { name: "Show every device" }).click();
  await rows.filter({ hasText: "made the seat Two" }).getByRole("link", { name: "Only this Two" }).click();
  await expect(rows).toHaveText([/made the device Phone two/, /made the seat Two/]);
});

test("Activity says whose password the command line set, and who took an invitation back", async ({ page, context, server }) => {
  const { api, account, name } = await elsewhere(server);
  const other = await somebody(server, "operator", account);
  await server.command(["operator", "password", other.name], "yet another long password\n");
  await api.must("invite", { account: api.account, name: "late", role: "viewer" });
  const id = (await api.must<any>("settings", { account: api.account })).invites[0].id;
  await api.must("revoke_invite", { account: api.account, id });
  await api.must("set_sha256", { account: api.account, on: true });
  await become(context, api);
  await page.goto(`/a/${api.account}/activity`);
  const rows = page.locator("ol.events > li");
  await expect(rows.first()).toContainText(`${name} changed what phones are offered · SHA-256 is offered to phones`, { useInnerText: true });
  await expect(rows.nth(1)).toContainText(`${name} took back the invitation of late`);
  await expect(rows.filter({ hasText: "the password" })).toContainText(`command line set the password of ${other.name}`);
});

test("a deleted device is restored from Activity with its settings; where its username was taken it asks for another", async ({ page, context, server, phone }) => {
  const { api } = await elsewhere(server);
  const name = fresh("Handset");
  const made = await api.newSeat("Front desk", "100", name);
  const login = await api.credentials(made.device);
  await api.must("delete_device", { account: api.account, device: made.device, operation: crypto.randomUUID() });
  const heir = await api.newSeat("Heir", "200", "Heir's phone");
  await api.saveDevice(heir.device, { username: { text: login.username } });
  await become(context, api);
  await page.goto(`/a/${api.account}/activity`);
  await alive(page);
  await expect(page.getByText(/^(30|29) days left/)).toBeVisible();
  await page.getByRole("button", { name: `Restore ${name}` }).click();
  const dialog = page.getByRole("dialog", { name: `Restore ${name}?` });
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await dialog.getByRole("button", { name: "Restore" }).click();
  await expect(dialog).toContainText("Heir's phone");
  await expect(dialog.getByLabel("Username")).toBeFocused();
  await dialog.getByLabel("Username").fill("handset_two");
  await dialog.getByRole("button", { name: "Restore" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(`restored the device ${name}`)).toBeVisible();
  await expect(page.getByRole("button", { name: `Restore ${name}` })).toHaveCount(0);
  expect(await (await phone({ ...login, username: "handset_two" })).register()).toBe(200);
});
