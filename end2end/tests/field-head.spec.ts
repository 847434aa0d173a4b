import type { Page } from "@playwright/test";
import { fresh } from "../lib/people.ts";
import { expect, test } from "../lib/test.ts";

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

test("name, MAC and Enabled are edited in the head: heading, tab title and crumbs follow the save", async ({ editor, page, api }) => {
  await editor.open();
  await field(page, "Name").fill("  Reception  ");
  await field(page, "MAC Address").fill("805E.C012.34AF");
  await field(page, "Enabled").uncheck();
  for (const name of ["name", "mac", "enabled"]) await editor.state(name, "modified");
  await expect(editor.field("name")).toContainText("was New Device");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Editing New Device");
  await editor.save.click();
  for (const name of ["name", "mac", "enabled"]) await editor.state(name, "clean");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Editing Reception");
  await expect(page).toHaveTitle(/^Editing Reception/);
  await expect(page.locator(".crumbs")).toContainText("Reception");
  await expect(page.locator("header.page")).toContainText("Disabled");
  await expect(page.locator("header.page")).toContainText("80:5e:c0:12:34:af");
  const { values } = (await api.device(editor.made.device)).record;
  expect([values.name.text, values.mac.text, values.enabled.switch]).toEqual(["Reception", "805ec01234af", false]);
  await api.saveDevice(editor.made.device, { mac: { text: "" } });
});

test("the same MAC in other separators is no modification; another is, and half of one is refused at its place", async ({ editor, page, api }) => {
  await api.saveDevice(editor.made.device, { mac: { text: "805ec0123499" } });
  await editor.open();
  const mac = field(page, "MAC Address");
  await expect(mac).toHaveValue("80:5e:c0:12:34:99");
  for (const same of ["805ec0123499", "80-5e-c0-12-34-99", "805e.c012.3499"]) {
    await mac.fill(same);
    await editor.state("mac", "clean");
  }
  await mac.fill("80:5E:C0:12:34");
  await editor.state("mac", "invalid");
  await expect(editor.field("mac")).toContainText("A MAC address has 12 hexadecimal digits.");
  await editor.field("mac").getByRole("button", { name: "undo" }).click();
  await expect(mac).toHaveValue("80:5e:c0:12:34:99");
  await mac.fill("");
  await editor.state("mac", "modified");
});

test("a name must be there", async ({ editor, page }) => {
  await editor.open();
  await field(page, "Name").fill(" ");
  await editor.state("name", "invalid");
  await editor.save.click();
  await expect(field(page, "Name")).toBeFocused();
});

test("Realm: inherited is a state of its own, a switch to one of the account's, and back", async ({ editor, page, api }) => {
  const realm = `${fresh("own")}.sip.example.net`;
  await api.must("add_realm", { account: api.account, name: realm });
  const before = (await api.device(editor.made.device)).effective_realm;
  await editor.open();
  await expect(field(page, "Realm")).toHaveJSProperty("readOnly", true);
  await expect(editor.field("realm")).toContainText("Inherited from the account, and follows it.");
  await editor.field("realm").getByRole("button", { name: "Set another" }).click();
  await expect(field(page, "Realm")).toBeFocused();
  await field(page, "Realm").selectOption(realm);
  await editor.state("realm", "modified");
  await expect(editor.field("realm")).toContainText("Set for this device alone.");
  await editor.field("realm").getByRole("button", { name: "Inherit again" }).click();
  await editor.state("realm", "clean");
  // Set to the very realm that is inherited: still another state, since it follows nothing.
  await editor.field("realm").getByRole("button", { name: "Set another" }).click();
  await field(page, "Realm").selectOption(before);
  await editor.state("realm", "modified");
  await field(page, "Realm").selectOption(realm);
  await editor.save.click();
  await editor.state("realm", "clean");
  expect((await api.device(editor.made.device)).effective_realm).toBe(realm);
  await expect(page.getByRole("region", { name: "Set up the phone" })).toContainText(realm);
  await editor.field("realm").getByRole("button", { name: "Inherit again" }).click();
  await editor.save.click();
  await editor.state("realm", "clean");
  expect((await api.device(editor.made.device)).effective_realm).toBe(before);
});
