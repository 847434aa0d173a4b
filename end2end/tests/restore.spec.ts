import { become, elsewhere, somebody } from "../lib/people.ts";
import { alive, expect, test } from "../lib/test.ts";

test("a restored device has its settings, its address and its phone again; where MAC and addresses were taken it asks for both", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  const made = await api.newSeat("Front desk", "100", "Lobby");
  const n = server.sipPort % 250;
  await api.saveDevice(made.device, { mac: { text: "805ec0000042" }, method: { text: "ip" }, ip: { list: [`198.18.${n}.200`] }, expire_seconds: { text: "777" } });
  await api.must("delete_device", { account: api.account, device: made.device, operation: crypto.randomUUID() });
  const heir = await api.newSeat("Heir", "200", "Heir's phone");
  await api.saveDevice(heir.device, { mac: { text: "805ec0000042" }, method: { text: "ip" }, ip: { list: [`198.18.${n}.192/28`] } });
  await become(context, api);
  await page.goto(`/a/${api.account}/activity`);
  await alive(page);
  await page.getByRole("button", { name: "Restore Lobby" }).click();
  const dialog = page.getByRole("dialog", { name: "Restore Lobby?" });
  await dialog.getByRole("button", { name: "Restore" }).click();
  await expect(dialog.getByLabel("MAC Address")).toBeVisible();
  await expect(dialog).toContainText("overlaps the addresses of Heir's phone.");
  await dialog.getByLabel("MAC Address").fill("80:5e:c0:00:00:43");
  await dialog.getByRole("button", { name: "Restore" }).click();
  await expect(dialog.getByLabel("MAC Address")).toHaveValue("80:5e:c0:00:00:43");
  await dialog.getByLabel("IP Address").fill(`198.18.${n}.10, 198.18.${n}.11`);
  await dialog.getByRole("button", { name: "Restore" }).click();
  await expect(dialog).toBeHidden();
  const view = await api.device(made.device);
  expect([view.record.values.mac.text, view.record.values.expire_seconds.text, view.record.values.ip.list]).toEqual(["805ec0000043", "777", [`198.18.${n}.10`, `198.18.${n}.11`]]);
  await page.goto(`/a/${api.account}/seats/${made.seat}/devices/${made.device}`);
  await expect(page.getByRole("heading", { level: 1, name: "Editing Lobby" })).toBeVisible();
});

test("a device whose seat was deleted is told to come with its seat; a viewer is offered no restore", async ({ page, context, server }) => {
  const { api, account } = await elsewhere(server);
  const made = await api.newSeat("Front desk", "100", "Lobby");
  await api.must("delete_device", { account: api.account, device: made.device, operation: crypto.randomUUID() });
  await api.must("delete_seat", { account: api.account, seat: made.seat, operation: crypto.randomUUID() });
  await become(context, (await somebody(server, "viewer", account)).api);
  await page.goto(`/a/${api.account}/activity`);
  await alive(page);
  await expect(page.getByText("deleted the device Lobby")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Restore/ })).toHaveCount(0);
  await become(context, api);
  await page.reload();
  await alive(page);
  await page.getByRole("button", { name: "Restore Lobby" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Restore" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Its seat Front desk is deleted too. Restore the seat first.");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Restore Front desk" }).click();
  await dialog.getByRole("button", { name: "Restore" }).click();
  await expect(page.getByText("restored the seat Front desk")).toBeVisible();
  // Deleted before the seat was: it does not come with it, and can be restored now.
  expect((await api.must<any>("seat", { account: api.account, seat: made.seat })).devices).toHaveLength(0);
  await page.getByRole("button", { name: "Restore Lobby" }).click();
  await dialog.getByRole("button", { name: "Restore" }).click();
  await expect(dialog).toBeHidden();
  expect((await api.must<any>("seat", { account: api.account, seat: made.seat })).devices).toHaveLength(1);
});
