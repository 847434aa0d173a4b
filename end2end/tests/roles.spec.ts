import { randomUUID } from "node:crypto";
import { patch } from "../lib/api.ts";
import { become, elsewhere, PASSWORD, somebody } from "../lib/people.ts";
import { alive, expect, REALM, test } from "../lib/test.ts";

test("a viewer reads without secrets and is offered nothing that edits", async ({ page, context, server, made }) => {
  const { api } = await somebody(server, "viewer");
  await become(context, api);
  await page.goto(`/a/${api.account}/seats`);
  await alive(page);
  await expect(page.getByRole("link", { name: "New seat" })).toHaveCount(0);
  await page.goto(`/a/${api.account}/seats/${made.seat}`);
  await alive(page);
  await expect(page.getByRole("heading", { name: "Devices" })).toBeVisible();
  for (const name of ["Delete seat", "Add device"]) await expect(page.getByRole("button", { name })).toHaveCount(0);
  await page.goto(`/a/${api.account}/seats/${made.seat}/devices/${made.device}`);
  await alive(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Viewing /);
  await expect(page.getByLabel("Expire Seconds", { exact: true })).toHaveJSProperty("readOnly", true);
  for (const name of ["Reboot Device", "Delete Device", "Generate"]) await expect(page.getByRole("button", { name })).toHaveCount(0);
  await page.goto(`/a/${api.account}/seats/new`);
  await expect(page.getByRole("heading", { name: "Not allowed" })).toBeVisible();
  await page.goto(`/a/${api.account}/settings`);
  await expect(page.getByRole("heading", { name: "Realms" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Operators" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Add realm" })).toHaveCount(0);
});

test("a viewer's crafted request is refused, changes nothing and is recorded in Activity", async ({ page, api, server, made }) => {
  const viewer = await somebody(server, "viewer");
  const view = await viewer.api.device(made.device);
  expect(JSON.stringify(view)).not.toContain(await api.password(made.device));
  const common = { account: viewer.api.account, operation: randomUUID() };
  const tries: [string, object][] = [
    ["save_device", { ...common, device: made.device, patch: patch(view.record, { expire_seconds: { text: "120" } }), then_reboot: false }],
    ["look_password", { ...common, device: made.device }],
    ["reboot", { ...common, device: made.device, contact: null }],
    ["delete_seat", { ...common, seat: made.seat }],
    ["add_realm", { ...common, name: "evil.example" }],
    ["invite", { ...common, name: "eve", role: "admin" }],
  ];
  for (const [fn, args] of tries) {
    const { status, body } = await viewer.api.call(fn, args);
    expect([fn, status]).toEqual([fn, 403]);
    expect(JSON.stringify(body)).toContain("not_allowed");
  }
  expect((await api.device(made.device)).record.values.expire_seconds.text).toBe("360");
  await page.goto(`/a/${api.account}/activity`);
  for (const what of ["save a device", "look at a password", "reboot a device", "delete a seat", "add a realm", "invite an operator"]) {
    await expect(page.getByRole("listitem").filter({ hasText: `${viewer.name} was not allowed to ${what}` })).toContainText("is Viewer");
  }
});

test("an operator edits, and is refused what is the admin's", async ({ api, server, made }) => {
  const operator = await somebody(server, "operator");
  await operator.api.saveDevice(made.device, { expire_seconds: { text: "120" } });
  expect((await api.device(made.device)).record.values.expire_seconds.text).toBe("120");
  expect((await operator.api.call("rename_account", { account: api.account, name: "Mine" })).status).toBe(403);
  expect((await operator.api.call("invite", { account: api.account, name: "eve", role: "viewer" })).status).toBe(403);
});

test("nothing of one account is named to another: pages, calls, the reason of a refusal", async ({ page, context, api, server, made }) => {
  const { username } = await api.credentials(made.device);
  await api.saveDevice(made.device, { name: { text: "Secret phone" } });
  const other = await elsewhere(server);
  await become(context, other.api);
  for (const path of [`/a/${api.account}/seats`, `/a/${other.api.account}/seats/${made.seat}`, `/a/${other.api.account}/seats/${made.seat}/devices/${made.device}`]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
    const text = await page.content();
    for (const secret of ["Test account", "Secret phone", username, REALM]) expect(text).not.toContain(secret);
  }
  for (const account of [api.account, other.api.account]) {
    const { status, body } = await other.api.call("device", { account, device: made.device });
    expect([status, body]).toEqual([404, { Problem: "not_found" }]);
  }
  const realm = await other.api.call("add_realm", { account: other.api.account, name: REALM });
  expect(JSON.stringify(realm.body)).toContain(`${REALM} is in use.`);

  await api.saveDevice(made.device, { method: { text: "ip" }, ip: { list: ["198.51.100.7"] } });
  const theirs = await other.api.newSeat("Theirs", "1");
  const view = await other.api.device(theirs.device);
  const clash = await other.api.call("save_device", {
    account: other.api.account,
    device: theirs.device,
    patch: patch(view.record, { method: { text: "ip" }, ip: { list: ["198.51.100.0/28"] } }),
    then_reboot: false,
  });
  expect(clash.status).toBe(422);
  expect(JSON.stringify(clash.body)).not.toContain("Secret phone");
});

test("who works in several accounts switches between them", async ({ page, context, api, server }) => {
  const both = await elsewhere(server);
  const token = await api.must<string>("invite", { account: api.account, name: both.name, role: "viewer" });
  await both.api.must("accept_invite", { token, password: PASSWORD });
  await become(context, both.api);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Accounts" })).toBeVisible();
  await page.getByRole("link", { name: new RegExp(both.account) }).click();
  await alive(page);
  await expect(page.getByText(`${both.name} · Admin`)).toBeVisible();
  await page.locator("summary", { hasText: both.account }).click();
  await page.getByRole("link", { name: /Test account/ }).click();
  await expect(page.getByText(`${both.name} · Viewer`)).toBeVisible();
  await expect(page.getByRole("link", { name: "New seat" })).toHaveCount(0);
});
