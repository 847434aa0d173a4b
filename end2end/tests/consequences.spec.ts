import type { Page } from "@playwright/test";
import { fresh } from "../lib/people.ts";
import { type Editor, expect, REALM, test } from "../lib/test.ts";

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const bar = (page: Page) => page.getByRole("region", { name: "Unsaved changes" });
const drops = "The phone at 127.0.0.1 drops its registration";

/** What is edited, what the save bar says of it. */
const EDITS: Record<string, [(editor: Editor, realm: string) => Promise<unknown>, string]> = {
  Realm: [
    async (editor, realm) => {
      await editor.field("realm").getByRole("button", { name: "Set another" }).click();
      await field(editor.page, "Realm").selectOption(realm);
    },
    `${drops}: set the new realm in the phone too.`,
  ],
  Password: [({ page }) => page.getByRole("button", { name: "Generate password" }).click(), `${drops}: set the new password in the phone too.`],
  "Username and Password": [
    async ({ page }) => {
      await page.getByRole("button", { name: "Generate username" }).click();
      await page.getByRole("button", { name: "Generate password" }).click();
    },
    `${drops}: set the new username and password in the phone too.`,
  ],
  Enabled: [({ page }) => field(page, "Enabled").uncheck(), `${drops} and can't register until the device is enabled again.`],
  "Authentication Method and IP Address": [
    async ({ page }) => {
      await field(page, "Authentication Method").selectOption("ip");
      await field(page, "IP Address").fill(`198.18.${process.pid % 250}.77`);
    },
    `${drops}: it can register only from the new addresses.`,
  ],
};

for (const [name, [edit, said]] of Object.entries(EDITS)) {
  test(`the save bar says before the save what it does, and the save does it: ${name}`, async ({ editor, page, api, phone }) => {
    const realm = `${fresh("drop")}.sip.example.net`;
    if (name === "Realm") await api.must("add_realm", { account: api.account, name: realm });
    const desk = await phone(await api.credentials(editor.made.device));
    expect(await desk.register()).toBe(200);
    await editor.open();
    const network = page.getByRole("region", { name: "On the network" });
    await expect(network).toContainText("Registered");
    await edit(editor, realm);
    await expect(bar(page)).toContainText(said, { useInnerText: true });
    await editor.save.click();
    await expect(bar(page)).toBeHidden();
    await expect(network).toContainText(/Not registered|Does not register/);
    expect(await desk.register(), "not with what the phone still has").not.toBe(200);
  });
}

test("another way to the same realm is nothing to the phone: nothing is said of it, and its registration stays", async ({ editor, page, api, phone }) => {
  const desk = await phone(await api.credentials(editor.made.device));
  expect(await desk.register()).toBe(200);
  await editor.open();
  const network = page.getByRole("region", { name: "On the network" });
  await expect(network).toContainText("Registered");
  const realm = editor.field("realm");
  for (const button of ["Set another", "Inherit"]) {
    await realm.getByRole("button", { name: button }).click();
    if (button === "Set another") await field(page, "Realm").selectOption(REALM);
    await editor.state("realm", "modified");
    await expect(bar(page)).not.toContainText("realm in the phone");
    await expect(bar(page)).not.toContainText("drops");
    await editor.save.click();
    await editor.state("realm", "clean");
    expect((await api.device(editor.made.device)).network.bindings).toHaveLength(1);
  }
  await expect(network).toContainText("Registered");
});

test("the method IP without an address yet says that it is still to be given", async ({ editor, page }) => {
  await editor.open();
  await field(page, "Authentication Method").selectOption("ip");
  await expect(bar(page)).toContainText("The phone can register only from addresses that are still to be given.");
});

test("what ends no registration says nothing of one, and the phone stays", async ({ editor, page, api, phone }) => {
  const desk = await phone(await api.credentials(editor.made.device));
  await desk.register();
  await editor.open();
  await field(page, "Name").fill("Renamed");
  await field(page, "Expire Seconds").fill("120");
  await field(page, "Invite Format").selectOption("username");
  await expect(bar(page)).toContainText("3 fields modified");
  await expect(bar(page)).not.toContainText("registration");
  await editor.save.click();
  await expect(bar(page)).toBeHidden();
  await expect(page.getByRole("region", { name: "On the network" })).toContainText(desk.address);
});

test("without a registered phone it says what to set; back to Password it says what the phone needs", async ({ editor, page, api }) => {
  await editor.open();
  await page.getByRole("button", { name: "Generate password" }).click();
  await expect(bar(page)).toContainText("Set the new password in the phone too.");
  await editor.field("password").getByRole("button", { name: "undo" }).click();
  await api.saveDevice(editor.made.device, { method: { text: "ip" }, ip: { list: [`198.19.${process.pid % 250}.78`] } });
  await expect(editor.field("ip")).toBeVisible();
  await field(page, "Authentication Method").selectOption("password");
  await expect(bar(page)).toContainText("The phone needs the username and password set in the phone.");
});

test("back to IP Address, whose addresses are stored from before, it says from where the phone can register", async ({ editor, page, api, phone }) => {
  const realm = `${fresh("moved")}.sip.example.net`;
  await api.must("add_realm", { account: api.account, name: realm });
  await api.saveDevice(editor.made.device, { method: { text: "ip" }, ip: { list: [`198.19.${process.pid % 250}.79`] } });
  await api.saveDevice(editor.made.device, { method: { text: "password" } });
  const desk = await phone(await api.credentials(editor.made.device));
  expect(await desk.register()).toBe(200);
  await editor.open();
  await field(page, "Authentication Method").selectOption("ip");
  await expect(bar(page)).toContainText("1 field modified");
  await expect(bar(page)).toContainText(`${drops}: it can register only from the stored addresses.`, { useInnerText: true });
  await editor.field("realm").getByRole("button", { name: "Set another" }).click();
  await field(page, "Realm").selectOption(realm);
  await expect(bar(page)).toContainText("only from the stored addresses; set the new realm in the phone too.", { useInnerText: true });
  await editor.save.click();
  await expect(bar(page)).toBeHidden();
  expect(await desk.register()).not.toBe(200);
});

test("Save, then reboot: saved once, the NOTIFY before the registration ends; without a change of credentials the phone stays", async ({ editor, page, api, phone }) => {
  const desk = await phone(await api.credentials(editor.made.device));
  await desk.register();
  await editor.open();
  await field(page, "Expire Seconds").fill("120");
  let sent = 0;
  page.on("request", (request) => (sent += /\/api\/(save_device|reboot)$/.test(request.url()) ? 1 : 0));
  await page.getByRole("button", { name: "Reboot Device" }).click();
  await page.getByRole("button", { name: "Save, then reboot" }).click();
  await editor.state("expire_seconds", "clean");
  const last = page.getByRole("region", { name: "Last reboot" });
  await expect(last).toContainText("Phone answered 200 OK");
  expect(sent).toBe(1);
  expect(desk.notified).toEqual(["check-sync;reboot=true"]);
  expect((await api.device(editor.made.device)).record.values.expire_seconds.text).toBe("120");
  await expect(last).not.toContainText("Old registration ended");
  await expect(page.getByRole("region", { name: "On the network" })).toContainText(desk.address);
});

test("Save, then reboot, that can't be saved sends no NOTIFY and keeps the edits", async ({ editor, page, api, phone }) => {
  const desk = await phone(await api.credentials(editor.made.device));
  await desk.register();
  await editor.open();
  await field(page, "Expire Seconds").fill("59");
  await page.getByRole("button", { name: "Reboot Device" }).click();
  await page.getByRole("button", { name: "Save, then reboot" }).click();
  await expect(field(page, "Expire Seconds")).toBeFocused();
  await editor.state("expire_seconds", "invalid");
  expect(desk.notified).toEqual([]);
  await expect(page.getByRole("region", { name: "Last reboot" })).toHaveCount(0);
});
