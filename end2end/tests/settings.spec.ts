import type { Route } from "@playwright/test";
import { Api } from "../lib/api.ts";
import { become, elsewhere, fresh, PASSWORD, somebody } from "../lib/people.ts";
import { alive, expect, test } from "../lib/test.ts";

test("the account's name is changed, and its pages show it", async ({ page, context, server, complaints }) => {
  void complaints;
  const { api, account } = await elsewhere(server);
  await become(context, api);
  await page.goto(`/a/${api.account}/settings`);
  await alive(page);
  await page.getByLabel("Name", { exact: true }).fill(`${account} renamed`);
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByRole("banner").getByText(`${account} renamed`)).toBeVisible();
  await page.reload();
  await expect(page.getByRole("banner").getByText(`${account} renamed`)).toBeVisible();
});

test("what is typed and not sent is asked about before a link loses it", async ({ page, context, server }) => {
  const { api, account } = await elsewhere(server);
  await become(context, api);
  await page.goto(`/a/${api.account}/settings`);
  await alive(page);
  const asks = page.getByRole("dialog", { name: "Leave without saving?" });
  const leave = page.getByRole("link", { name: "Carriers" });
  for (const [label, text] of [["Name", `${account} typed`], ["Another realm", "typed.example.net"], ["Operator's name", "eve"], ["New password", "typed and not sent"]]) {
    await page.getByLabel(label, { exact: true }).fill(text);
    await leave.click();
    await expect(asks, label).toContainText("1 field of Settings is modified and not saved.");
    await expect(asks.getByRole("button", { name: "Save and leave" })).toHaveCount(0);
    await asks.getByRole("button", { name: "Stay" }).click();
    await expect(page.getByLabel(label, { exact: true })).toHaveValue(text);
    await page.getByLabel(label, { exact: true }).fill(label === "Name" ? account : "");
  }
  await page.getByLabel("Name", { exact: true }).fill(`${account} typed`);
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByRole("banner").getByText(`${account} typed`)).toBeVisible();
  await leave.click();
  await expect(page.getByRole("heading", { level: 1, name: "Carriers" })).toBeVisible();
});

test("another admin's new name is shown, and is not overwritten by who saw the old one", async ({ page, context, server }) => {
  const { api, account } = await elsewhere(server);
  const other = await somebody(server, "admin", account);
  await become(context, api);
  await page.goto(`/a/${api.account}/settings`);
  await alive(page);
  const name = page.getByLabel("Name", { exact: true });
  await other.api.must("rename_account", { account: api.account, name: `${account} one`, was: account });
  await expect(name).toHaveValue(`${account} one`);
  // Heard of too late: the answer says it.
  const overtake = async (route: Route) => {
    await other.api.must("rename_account", { account: api.account, name: `${account} two`, was: `${account} one` });
    await route.continue();
  };
  await page.route("**/api/rename_account", overtake, { times: 1 });
  await name.fill(`${account} mine`);
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByRole("alert")).toHaveText(`Somebody else named it ${account} two meanwhile. Save again to give it yours.`);
  await expect(name).toHaveValue(`${account} mine`);
  await expect.poll(async () => (await api.must<any>("me", {})).accounts[0].name).toBe(`${account} two`);
  await expect(page.getByRole("banner").getByText(`${account} two`)).toBeVisible();
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByRole("banner").getByText(`${account} mine`)).toBeVisible();
});

test("a realm is added and removed, never renamed; one set on a device and the default can't be removed", async ({ page, context, server }) => {
  const { api, realm } = await elsewhere(server);
  const made = await api.newSeat("Front desk", "100");
  await become(context, api);
  await page.goto(`/a/${api.account}/settings`);
  await alive(page);
  const second = `${fresh("second")}.sip.example.net`;
  await page.getByLabel("Another realm").fill("a b");
  await page.getByRole("button", { name: "Add realm" }).click();
  await expect(page.locator("#new-realm-error")).toBeVisible();
  await page.getByLabel("Another realm").fill(second.toUpperCase());
  await page.getByRole("button", { name: "Add realm" }).click();
  const row = page.getByRole("row", { name: second });
  await expect(row).toContainText("not used");
  // The next try begins without the words about the last one.
  await page.getByLabel("Another realm").fill(second);
  await page.getByRole("button", { name: "Add realm" }).click();
  await expect(page.getByRole("alert")).toContainText("one of your realms already");
  await page.getByLabel("Another realm").fill("a b");
  await page.getByRole("button", { name: "Add realm" }).click();
  await expect(page.locator("#new-realm-error")).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.getByLabel("Another realm").fill("");
  await expect(page.getByRole("row", { name: realm })).toContainText("default, inherited by 1 device");
  await expect(page.getByRole("row", { name: realm }).getByRole("button")).toHaveCount(0);
  await expect(page.getByRole("button", { name: /rename/i })).toHaveCount(0);
  await api.saveDevice(made.device, { realm: { realm: second } });
  await page.getByRole("button", { name: `Remove ${second}` }).click();
  await expect(page.getByRole("alert")).toContainText(`${second} is set on 1 device. Give it another realm first.`);
  await api.saveDevice(made.device, { realm: { realm: null } });
  await page.getByRole("button", { name: `Remove ${second}` }).click();
  await expect(row).toHaveCount(0);
});

test("another default realm: it says how many inherit and drop, moves them, and the phones with them", async ({ page, context, server, phone }) => {
  const { api } = await elsewhere(server);
  const second = `${fresh("next")}.sip.example.net`;
  const [one] = [await api.newSeat("One", "1"), await api.newSeat("Two", "2")];
  const login = await api.credentials(one.device);
  const desk = await phone(login);
  expect(await desk.register()).toBe(200);
  await api.must("add_realm", { account: api.account, name: second });
  await become(context, api);
  await page.goto(`/a/${api.account}/settings`);
  await alive(page);
  await page.getByRole("row", { name: second }).getByRole("button", { name: /^Make default/ }).click();
  const dialog = page.getByRole("dialog", { name: `Make ${second} the default?` });
  await expect(dialog).toContainText("2 devices inherit the default realm. 1 of them is registered now: it drops");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await dialog.getByRole("button", { name: "Make default" }).click();
  await expect(page.getByRole("row", { name: second })).toContainText("default, inherited by 2 devices");
  expect((await api.credentials(one.device)).realm).toBe(second);
  expect(await desk.register()).not.toBe(200);
  expect(await (await phone({ ...login, realm: second })).register()).toBe(200);
});

test("another default realm is refused, naming the devices, where a username would be taken twice", async ({ page, context, server }) => {
  const { api, realm } = await elsewhere(server);
  const second = `${fresh("next")}.sip.example.net`;
  await api.must("add_realm", { account: api.account, name: second });
  const [one, two] = [await api.newSeat("One", "1", "Inheriting phone"), await api.newSeat("Two", "2", "Set phone")];
  await api.saveDevice(one.device, { username: { text: "twin" } });
  await api.saveDevice(two.device, { username: { text: "TWIN" }, realm: { realm: second } });
  await become(context, api);
  await page.goto(`/a/${api.account}/settings`);
  await alive(page);
  await page.getByRole("row", { name: second }).getByRole("button", { name: /^Make default/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make default" }).click();
  await expect(dialog.getByRole("alert")).toContainText(/these usernames are taken already: .*phone \(twin\)/i);
  expect((await api.credentials(one.device)).realm).toBe(realm);
});

test("an admin gives roles and removes from this account; the last admin stays", async ({ page, context, server }) => {
  const { api, account, name } = await elsewhere(server);
  const other = await somebody(server, "viewer", account);
  await become(context, api);
  await page.goto(`/a/${api.account}/settings`);
  await alive(page);
  await page.getByLabel(`Role of ${name}`).selectOption("viewer");
  await expect(page.getByRole("alert")).toContainText(`${name} is the last admin of this account.`);
  await expect(page.getByLabel(`Role of ${name}`)).toHaveValue("admin");
  await page.getByRole("button", { name: `Remove ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("can't be removed");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();

  await page.getByLabel(`Role of ${other.name}`).selectOption("operator");
  await expect.poll(async () => (await other.api.must<any>("me", {})).accounts[0].role).toBe("operator");
  await page.getByRole("button", { name: `Remove ${other.name}` }).click();
  const dialog = page.getByRole("dialog", { name: `Remove ${other.name}?` });
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await dialog.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByLabel(`Role of ${other.name}`)).toHaveCount(0);
  expect((await other.api.must<any>("me", {})).accounts).toEqual([]);
});

test("one's own password needs the old one, and changing it signs out everywhere else", async ({ page, context, server }) => {
  const { api, name } = await elsewhere(server);
  const elsewhereToo = new Api(server.url);
  await elsewhereToo.signIn(name, PASSWORD);
  await become(context, api);
  await page.goto(`/a/${api.account}/settings`);
  await alive(page);
  const [old, now] = [page.getByLabel("Current password"), page.getByLabel("New password")];
  await old.fill("not the password");
  await now.fill("short");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.locator("#new-password-error")).toContainText("12");
  await now.fill("quite another password");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await old.fill(PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Your password is changed." }).first()).toBeVisible();
  expect((await elsewhereToo.call("me", {})).status).toBe(401);
  expect((await api.call("me", {})).status).toBe(200);
  await new Api(server.url).signIn(name, "quite another password");
});

test("the theme is chosen here and kept in this browser", async ({ page, api }) => {
  await page.goto(`/a/${api.account}/settings`);
  await alive(page);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const theme = page.getByRole("region", { name: "Look" }).getByLabel("Theme");
  await theme.selectOption({ label: "Light" });
  const light = await ground();
  await theme.selectOption({ label: "Dark" });
  await expect.poll(ground).not.toBe(light);
  await page.reload();
  expect(await ground()).not.toBe(light);
});
