import type { Page } from "@playwright/test";
import { address } from "../lib/people.ts";
import { expect, test, type Editor } from "../lib/test.ts";

const last = (page: Page) => page.getByRole("region", { name: "Last reboot" });

async function reboot(editor: Editor) {
  const { page } = editor;
  await page.getByRole("button", { name: "Reboot Device" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Reboot Device" }).click();
  await expect(dialog).toBeHidden();
}

test("a reboot shows sent, the phone's answer, went away and back, each with its time, and only then that it is back", async ({ editor, page, phone, api, made }) => {
  const desk = await phone(await api.credentials(made.device));
  await desk.register();
  await editor.open();
  await page.getByRole("button", { name: "Reboot Device" }).click();
  const dialog = page.getByRole("dialog", { name: "Reboot New Device?" });
  await expect(dialog).toContainText("The phone at 127.0.0.1 of seat Seat ");
  await expect(dialog).toContainText("A call in progress would be cut.");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await dialog.getByRole("button", { name: "Reboot Device" }).click();
  const steps = last(page).getByRole("listitem");
  await expect(steps.filter({ hasText: `Sent to ${desk.address}` })).toContainText(/\+\d/);
  await expect(steps.filter({ hasText: "Phone answered 200 OK" })).toContainText(/\+\d/);
  expect(desk.notified).toEqual(["check-sync;reboot=true"]);
  await expect(last(page)).toContainText("Watching the phone…");
  await expect(last(page)).not.toContainText("Restarted");
  await desk.leave();
  await expect(steps.filter({ hasText: "Went away" })).toContainText(/\+\d/);
  await expect(last(page)).toContainText("Watching the phone…");
  await desk.restart();
  await expect(steps.filter({ hasText: "Back, registered" })).toContainText(/\+\d/);
  await expect(last(page)).toContainText("Restarted and back");
  await page.reload();
  await expect(last(page)).toContainText("Restarted and back");
});

test("the event is the vendor's", async ({ editor, phone, api, made }) => {
  const desk = await phone(await api.credentials(made.device), { userAgent: "Linksys/SPA942-6.1.5(a)", onNotify: () => 489 });
  await desk.register();
  await editor.open();
  await reboot(editor);
  await expect(last(editor.page)).toContainText("Not supported by the phone (489)");
  expect(desk.notified).toEqual(["reboot_now"]);
});

test("a phone that is not registered: Reboot says that there is nowhere to send to", async ({ editor, page }) => {
  await editor.open();
  await page.getByRole("button", { name: "Reboot Device" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("It is not registered, so there is nowhere to send to.");
  await expect(dialog.getByRole("button")).toHaveText(["Close"]);
});

test("a device with IP authentication that never registers: so Reboot says", async ({ editor, page, api, made }) => {
  await api.saveDevice(made.device, { method: { text: "ip" }, ip: { list: [address()] } });
  await editor.open();
  await expect(page.getByRole("region", { name: "On the network" })).toContainText("Does not register");
  await page.getByRole("button", { name: "Reboot Device" }).click();
  await expect(page.getByRole("dialog")).toContainText("does not register, so there is nowhere to send to");
});

test("a phone that refuses is quoted", async ({ editor, page, phone, api, made }) => {
  const desk = await phone(await api.credentials(made.device), { onNotify: () => 603 });
  await desk.register();
  await editor.open();
  await reboot(editor);
  await expect(last(page)).toContainText("Refused: 603");
  await expect(last(page).getByRole("listitem").filter({ hasText: "Phone answered 603" })).toBeVisible();
});

test("a challenge is answered once with the device's password, and never in the clear", async ({ editor, page, phone, api, made }) => {
  const desk = await phone(await api.credentials(made.device), { challenge: true });
  await desk.register();
  await editor.open();
  await reboot(editor);
  await expect(last(page)).toContainText("Phone answered 200 OK, after asking for the password");
  expect([desk.proved, desk.notified.length]).toEqual([1, 1]);
  await desk.leave();
  await desk.restart();
  await expect(last(page)).toContainText("Restarted and back");
});

test("one tracked job per request: a second press while one runs joins it", async ({ editor, page, phone, api, made }) => {
  const desk = await phone(await api.credentials(made.device));
  await desk.register();
  await editor.open();
  await reboot(editor);
  await expect(last(page)).toContainText("Phone answered 200 OK");
  await reboot(editor);
  await desk.leave();
  await expect(last(page)).toContainText("Went away");
  expect(desk.notified.length).toBe(1);
});

test("with unsaved edits the dialog also offers Save, then reboot; the NOTIFY goes over the old flow, then the registration ends", async ({ editor, page, phone, api, made }) => {
  const login = await api.credentials(made.device);
  const desk = await phone(login, { challenge: true });
  await desk.register();
  await editor.open();
  await page.getByRole("button", { name: "Generate password" }).click();
  await editor.state("password", "modified");
  await page.getByRole("button", { name: "Reboot Device" }).click();
  await expect(page.getByRole("dialog")).toContainText("You have 1 unsaved field. Rebooting does not save it.");
  await page.getByRole("button", { name: "Save, then reboot" }).click();
  await expect(last(page)).toContainText("Phone answered 200 OK, after asking for the password");
  expect(desk.proved, "with the password that the phone still has").toBe(1);
  await expect(last(page)).toContainText("Old registration ended");
  await editor.state("password", "clean");
  const anew = await phone({ ...login, password: await api.password(made.device) });
  expect(await anew.register()).toBe(200);
  await expect(last(page)).toContainText("Back, registered");
});
