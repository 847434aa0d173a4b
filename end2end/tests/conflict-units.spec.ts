import type { Page } from "@playwright/test";
import type { Api } from "../lib/api.ts";
import { somebody } from "../lib/people.ts";
import { expect, test } from "../lib/test.ts";

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const dialog = (page: Page) => page.getByRole("dialog", { name: /saved this device while you were editing/ });
const stored = async (api: Api, device: string, name: string) => (await api.device(device)).record.values[name];

test("credentials are one unit: their new password beside my username; mine is saved, their password stays", async ({ editor, page, api, server }) => {
  const east = await somebody(server, "operator");
  await editor.open();
  await field(page, "Username").fill("mine_here");
  await east.api.saveDevice(editor.made.device, { password: { secret: "theirs-theirs-1" } });
  await editor.state("username", "conflict");
  await editor.save.click();
  await expect(dialog(page)).toHaveAccessibleName(new RegExp(`^${east.name} saved`));
  await expect(dialog(page).getByRole("rowheader")).toHaveText(/Username\s*Password/);
  await expect(dialog(page)).toContainText("hidden, changed");
  await expect(dialog(page)).not.toContainText("theirs-theirs-1");
  await dialog(page).getByRole("radio", { name: "Username, Password: yours" }).check();
  await dialog(page).getByRole("button", { name: "Save merged" }).click();
  await editor.state("username", "clean");
  expect((await stored(api, editor.made.device, "username")).text).toBe("mine_here");
  expect(await api.password(editor.made.device)).toBe("theirs-theirs-1");
});

for (const [side, secret] of [["yours", "mine-mine-mine-1"], ["theirs", "theirs-theirs-2"]] as const) {
  test(`a password changed on both sides: who and when, neither shown; ${side} is kept when chosen`, async ({ editor, page, api, server }) => {
    const east = await somebody(server, "operator");
    await editor.open();
    await field(page, "Password").fill("mine-mine-mine-1");
    await east.api.saveDevice(editor.made.device, { password: { secret: "theirs-theirs-2" } });
    await editor.state("password", "conflict");
    await expect(editor.field("password")).toContainText(`${east.name} changed Password while you were editing.`);
    await editor.save.click();
    await expect(dialog(page)).toContainText("hidden, typed by you");
    await expect(dialog(page)).toContainText(`${east.name} saved`);
    await expect(dialog(page).locator("time")).toBeAttached();
    for (const text of ["mine-mine-mine-1", "theirs-theirs-2"]) await expect(dialog(page)).not.toContainText(text);
    expect(await api.password(editor.made.device)).toBe("theirs-theirs-2");
    await dialog(page).getByRole("radio", { name: side === "yours" ? /: yours$/ : new RegExp(`: what ${east.name} saved$`) }).check();
    await dialog(page).getByRole("button", { name: "Save merged" }).click();
    await editor.state("password", "clean");
    await expect(dialog(page)).toBeHidden();
    expect(await api.password(editor.made.device)).toBe(secret);
  });
}

test("Invite Format, SIP Route and Number are one unit: all of it is mine, or all of it theirs", async ({ editor, page, api, server }) => {
  const east = await somebody(server, "operator");
  const theirs = { invite_format: { text: "route" }, route: { text: "sip:east.example.net" } };
  await editor.open();
  await field(page, "Invite Format").selectOption("e164");
  await field(page, "Number").fill("2234567890");
  await east.api.saveDevice(editor.made.device, theirs);
  await editor.state("invite_format", "conflict");
  await expect(page.getByText("changed SIP Route"), "it waits for a choice: nothing is said to be kept").toHaveCount(0);
  await editor.save.click();
  const row = dialog(page).getByRole("row").nth(1);
  for (const words of ["Invite Format", "SIP Route", "Number", "sip:east.example.net", "E.164", "2234567890"]) await expect(row).toContainText(words);
  await dialog(page).getByRole("button", { name: "Go back to editing" }).click();
  await expect(field(page, "Number")).toHaveValue("2234567890");
  await editor.state("invite_format", "conflict");
  expect((await stored(api, editor.made.device, "invite_format")).text).toBe("route");
  await editor.save.click();
  await dialog(page).getByRole("radio", { name: /: yours$/ }).check();
  await dialog(page).getByRole("button", { name: "Save merged" }).click();
  await editor.state("invite_format", "clean");
  expect((await stored(api, editor.made.device, "invite_format")).text).toBe("e164");
  expect((await stored(api, editor.made.device, "number")).text).toBe("2234567890");

  await field(page, "Number").fill("2234567891");
  await east.api.saveDevice(editor.made.device, theirs);
  await editor.state("number", "conflict");
  await editor.save.click();
  await dialog(page).getByRole("radio", { name: new RegExp(`: what ${east.name} saved$`) }).check();
  await dialog(page).getByRole("button", { name: "Save merged" }).click();
  await expect(field(page, "SIP Route")).toHaveValue("sip:east.example.net");
  await expect(field(page, "Number")).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Unsaved changes" })).toBeHidden();
  expect((await stored(api, editor.made.device, "invite_format")).text).toBe("route");
});

test("two operators at once: both are named, one choice theirs and one mine, the rest merges with a note", async ({ editor, page, api, server }) => {
  const [east, west] = [await somebody(server, "operator"), await somebody(server, "admin")];
  await editor.open();
  await field(page, "Expire Seconds").fill("120");
  await field(page, "Name").fill("Mine");
  await field(page, "MAC Address").fill("80:5e:c0:aa:bb:01");
  await east.api.saveDevice(editor.made.device, { expire_seconds: { text: "600" }, invite_format: { text: "username" } });
  await west.api.saveDevice(editor.made.device, { name: { text: "Theirs" } });
  await expect(page.getByText(`${east.name} changed Invite Format to Username meanwhile; it is kept.`)).toBeVisible();
  await editor.state("name", "conflict");
  await editor.save.click();
  await expect(dialog(page)).toHaveAccessibleName(`${[east.name, west.name].sort().join(" and ")} saved this device while you were editing`);
  await expect(dialog(page)).toContainText("1 of your 3 changes does not touch theirs and is kept. Choose for the other 2.");
  const rows = dialog(page).getByRole("row");
  await expect(rows.filter({ hasText: "Expire Seconds" })).toContainText(`${east.name} saved`);
  await expect(rows.filter({ hasText: "Name" })).toContainText(`${west.name} saved`);
  await dialog(page).getByRole("radio", { name: `Expire Seconds: what ${east.name} saved` }).check();
  await dialog(page).getByRole("radio", { name: "Name: yours" }).check();
  await dialog(page).getByRole("button", { name: "Save merged" }).click();
  for (const name of ["name", "mac", "expire_seconds"]) await editor.state(name, "clean");
  const values = (await api.device(editor.made.device)).record.values;
  expect([values.name.text, values.mac.text, values.expire_seconds.text, values.invite_format.text]).toEqual(["Mine", "805ec0aabb01", "600", "username"]);
  await expect(field(page, "Expire Seconds")).toHaveValue("600");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Editing Mine");
});

test("the same value on both sides is no conflict: its mark goes and nothing is asked", async ({ editor, page, server }) => {
  const east = await somebody(server, "operator");
  await editor.open();
  await field(page, "Expire Seconds").fill("600");
  await field(page, "MAC Address").fill("80:5e:c0:aa:bb:02");
  await east.api.saveDevice(editor.made.device, { expire_seconds: { text: "600" } });
  await editor.state("expire_seconds", "clean");
  await editor.state("mac", "modified");
  await editor.save.click();
  await editor.state("mac", "clean");
  await expect(dialog(page)).toBeHidden();
});

test("the method is part of the credentials: they went over to IP while I typed a password", async ({ editor, page, api, server }) => {
  const east = await somebody(server, "operator");
  await editor.open();
  await field(page, "Password").fill("mine-mine-mine-3");
  await east.api.saveDevice(editor.made.device, { method: { text: "ip" }, ip: { list: ["192.31.196.201"] } });
  await editor.state("password", "conflict");
  await editor.save.click();
  for (const words of ["Authentication Method", "IP Address", "192.31.196.201", "hidden, typed by you"]) await expect(dialog(page)).toContainText(words);
  await dialog(page).getByRole("radio", { name: new RegExp(`: what ${east.name} saved$`) }).check();
  await dialog(page).getByRole("button", { name: "Save merged" }).click();
  await expect(editor.field("ip").getByRole("listitem")).toHaveText(/192\.31\.196\.201/);
  await expect(field(page, "Password")).toHaveCount(0);
  expect((await stored(api, editor.made.device, "method")).text).toBe("ip");
});
