import { become, elsewhere, fresh, somebody } from "../lib/people.ts";
import { alive, expect, test } from "../lib/test.ts";

test("another default realm reaches an open editor that inherits, under its edits; a device with a realm of its own stays in it", async ({ page, context, server }) => {
  const { api, realm } = await elsewhere(server);
  const second = `${fresh("next")}.sip.example.net`;
  await api.must("add_realm", { account: api.account, name: second });
  const [follows, own] = [await api.newSeat("One", "1"), await api.newSeat("Two", "2")];
  await api.saveDevice(own.device, { realm: { realm } });
  await become(context, api);
  await page.goto(`/a/${api.account}/seats/${follows.seat}/devices/${follows.device}`);
  await alive(page);
  await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
  await expect(page.getByLabel("Realm", { exact: true })).toHaveValue(realm);
  const { realms } = await api.must<any>("settings", { account: api.account });
  await api.must("set_default_realm", { account: api.account, realm: realms.find((line: any) => line.realm.name === second).realm.id });
  await expect(page.getByRole("region", { name: "Set up the phone" })).toContainText(second);
  await expect(page.getByLabel("Realm", { exact: true })).toHaveValue(second);
  await page.keyboard.press("Control+s");
  await expect(page.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "clean");
  expect((await api.device(follows.device)).effective_realm).toBe(second);
  expect((await api.device(own.device)).effective_realm).toBe(realm);
});

test("a realm that another account has is refused without a word of whose it is", async ({ page, context, server }) => {
  const [one, two] = [await elsewhere(server), await elsewhere(server)];
  await become(context, two.api);
  await page.goto(`/a/${two.api.account}/settings`);
  await alive(page);
  await page.getByLabel("Another realm").fill(one.realm);
  await page.getByRole("button", { name: "Add realm" }).click();
  await expect(page.getByText(`${one.realm} is in use.`)).toBeVisible();
  await expect(page.locator("body")).not.toContainText(one.account);
});

test("who is removed from an account keeps the others; under the open page what is saved is refused", async ({ page, context, api, server }) => {
  const both = await elsewhere(server);
  const token = await api.must<string>("invite", { account: api.account, name: both.name, role: "operator" });
  await both.api.must("accept_invite", { token, password: "another long password" });
  const made = await api.newSeat(fresh("Left"), String(Date.now()).slice(-9));
  await become(context, both.api);
  await page.goto(`/a/${api.account}/seats/${made.seat}`);
  await alive(page);
  const { operators } = await api.must<any>("settings", { account: api.account });
  await api.must("remove_operator", { account: api.account, operator: operators.find((line: any) => line.name === both.name).id });
  await page.getByLabel("Extension", { exact: true }).fill("*1");
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("alert").last()).toContainText("Not saved.");
  expect((await page.goto(`/a/${both.api.account}/seats`))?.status()).toBe(200);
  await expect(page.getByText(`${both.name} · Admin`)).toBeVisible();
});

test("who is not an admin sees names and realms, and changes the own password and look alone", async ({ page, context, server }) => {
  const { account } = await elsewhere(server);
  const operator = await somebody(server, "operator", account);
  await become(context, operator.api);
  await page.goto(`/a/${operator.api.account}/settings`);
  await alive(page);
  for (const name of ["Save name", "Add realm", "Invite"]) await expect(page.getByRole("button", { name })).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Your password" })).toBeVisible();
  await expect(page.getByLabel("Theme").last()).toBeEnabled();
});
