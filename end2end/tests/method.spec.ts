import type { Page } from "@playwright/test";
import { asked } from "../lib/leave.ts";
import { address } from "../lib/people.ts";
import { expect, test } from "../lib/test.ts";

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

test("what a switch of the method hides is not marked and not counted, and a save that goes through drops it", async ({ editor, page, api, server }) => {
  await editor.open();
  const was = await field(page, "Username").inputValue();
  const bar = page.getByRole("region", { name: "Unsaved changes" });
  await field(page, "Username").fill("hidden by the switch");
  await expect(bar).toContainText("1 field modified");
  await editor.state("username", "invalid");
  await field(page, "Authentication Method").selectOption("ip");
  await field(page, "IP Address").fill(address());
  await expect(bar).toContainText("2 fields modified");
  const sent = page.waitForRequest("**/api/save_device");
  await editor.save.click();
  expect((await sent).postDataJSON().patch.items.map((item: any) => item.field)).toEqual(["method", "ip"]);
  await editor.state("ip", "clean");
  await expect(bar).toBeHidden();
  // Gone with the save: the other side is as it is saved.
  await field(page, "Authentication Method").selectOption("password");
  await expect(field(page, "Username")).toHaveValue(was);
  await editor.state("username", "clean");
  await editor.field("method").getByRole("button", { name: "undo" }).click();
  expect((await api.device(editor.made.device)).record.values.username.text).toBe(was);
});

test("with IP authentication the page says that a source address can be forged over UDP", async ({ editor, page }) => {
  await editor.open();
  const forged = page.getByText("Over UDP a sender's address can be forged: use it only where the network keeps strangers out.");
  await expect(forged).toBeHidden();
  await field(page, "Authentication Method").selectOption("ip");
  await expect(forged).toBeVisible();
  // Whoever listens to the field hears it.
  await expect(field(page, "IP Address")).toHaveAccessibleDescription(/Over UDP a sender's address can be forged/);
});

test("leaving names what is hidden beside what is marked; alone it asks nothing", async ({ editor, page }) => {
  await editor.open();
  const method = field(page, "Authentication Method");
  await method.selectOption("ip");
  await field(page, "IP Address").fill("192.0.2.9");
  await method.selectOption("password");
  await expect(page.getByRole("region", { name: "Unsaved changes" })).toBeHidden();
  await expect(page).toHaveTitle(/^Editing/);
  await field(page, "Expire Seconds").fill("120");
  await page.getByRole("link", { name: "Carriers" }).click();
  await expect(asked(page)).toContainText("1 field of New Device is modified");
  await expect(asked(page)).toContainText("What you typed in IP Address is not on the page now: it is dropped by a save.", { useInnerText: true });
  await page.keyboard.press("Escape");
  await field(page, "Expire Seconds").fill("360");
  await page.getByRole("link", { name: "Carriers" }).click();
  await expect(page).toHaveURL(/\/carriers$/);
});

test("Set up the phone, with IP: the To user, no password; and it registers from its address", async ({ editor, page, api, phone, server }) => {
  const { username, realm } = await api.credentials(editor.made.device);
  const from = `127.0.${1 + (server.sipPort % 200)}.${2 + (Date.now() % 250)}`;
  await api.saveDevice(editor.made.device, { method: { text: "ip" }, ip: { list: [from] } });
  await editor.open();
  const panel = page.getByRole("region", { name: "Set up the phone" });
  for (const words of ["Username (To)", username, realm, String(server.sipPort), "UDP", "TCP"]) await expect(panel).toContainText(words);
  await expect(panel).not.toContainText("Password");
  await expect(panel.getByRole("button", { name: "copy stored password" })).toHaveCount(0);
  const desk = await phone({ username, realm, password: "" }, { bind: from });
  expect(await desk.register()).toBe(200);
  await expect(page.getByRole("region", { name: "On the network" })).toContainText("Registered");
  await expect(page.getByRole("region", { name: "On the network" })).toContainText(from);
});

test("Set up the phone says that what is modified is not in it yet", async ({ editor, page }) => {
  await editor.open();
  const panel = page.getByRole("region", { name: "Set up the phone" });
  await expect(panel).not.toContainText("Shows what is saved");
  const saved = await field(page, "Username").inputValue();
  await field(page, "Username").fill("typed_only");
  await expect(panel).toContainText("Shows what is saved, not your edits.");
  await expect(panel).toContainText(saved);
  await expect(panel).not.toContainText("typed_only");
});
