import { fresh } from "../lib/people.ts";
import { alive, expect, test } from "../lib/test.ts";
import type { Page } from "@playwright/test";

const field = (page: Page, name: string) => page.locator(`[data-field="${name}"]`);

test("name and extension of a seat have the same marks, undo, save and guard", async ({ page, api, made, complaints }) => {
  void complaints;
  await page.goto(`/a/${api.account}/seats/${made.seat}`);
  await alive(page);
  const name = page.getByLabel("Name", { exact: true });
  const was = await name.inputValue();
  await name.fill("Renamed");
  await expect(field(page, "name")).toHaveAttribute("data-state", "modified");
  await expect(field(page, "name").getByRole("img", { name: "Modified" })).toBeVisible();
  await field(page, "name").getByRole("button", { name: "undo" }).click();
  await expect(name).toHaveValue(was);
  await expect(field(page, "name")).toHaveAttribute("data-state", "clean");
  await page.getByLabel("Extension", { exact: true }).fill("12 34");
  await expect(field(page, "extension")).toHaveAttribute("data-state", "invalid");
  await page.getByLabel("Extension", { exact: true }).fill("*77#");
  await page.getByRole("link", { name: "Carriers" }).click();
  const dialog = page.getByRole("dialog", { name: "Leave without saving?" });
  await dialog.getByRole("button", { name: "Stay" }).click();
  await expect(page.getByLabel("Extension", { exact: true })).toHaveValue("*77#");
  await page.keyboard.press("Control+s");
  await expect(field(page, "extension")).toHaveAttribute("data-state", "clean");
  expect((await api.must<any>("seat", { account: api.account, seat: made.seat })).record.values.extension.text).toBe("*77#");
});

test("an extension that another seat has is refused at its field, naming that seat", async ({ page, api, made }) => {
  const n = String(Date.now()).slice(-8);
  const name = fresh("Holder");
  await api.newSeat(name, n);
  await page.goto(`/a/${api.account}/seats/${made.seat}`);
  await alive(page);
  await page.getByLabel("Extension", { exact: true }).fill(n);
  await page.getByRole("button", { name: /^SAVE/ }).click();
  await expect(field(page, "extension")).toContainText(name);
  await expect(page.getByLabel("Extension", { exact: true })).toBeFocused();
  await expect(page.getByLabel("Extension", { exact: true })).toHaveValue(n);
});

test("Add device makes one and opens its editor; the seat lists its devices and how they stand", async ({ page, api, made, phone }) => {
  await page.goto(`/a/${api.account}/seats/${made.seat}`);
  await alive(page);
  await page.getByRole("button", { name: "Add device" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Editing New Device" })).toBeVisible();
  expect(page.url()).not.toContain(made.device);
  await page.getByRole("link", { name: /^Seat / }).first().click();
  const list = page.getByRole("region", { name: "List of devices" });
  await expect(list.getByRole("link", { name: "New Device" })).toHaveCount(2);
  await expect(list.getByText("Not registered")).toHaveCount(2);
  const desk = await phone(await api.credentials(made.device));
  await desk.register();
  await expect(list.getByText("Registered", { exact: true })).toBeVisible();
  await expect(list).toContainText(new RegExp(`${desk.address} · .+ · expires in \\d+ (s|min)`));
});

test("Delete seat names what goes with it, ends its registrations, and Activity restores it with its devices", async ({ page, api, phone }) => {
  const [name, extension] = [fresh("Leaving"), String(Date.now()).slice(-9)];
  const made = await api.newSeat(name, extension, "Its phone");
  const login = await api.credentials(made.device);
  const desk = await phone(login);
  expect(await desk.register()).toBe(200);
  await page.goto(`/a/${api.account}/seats/${made.seat}`);
  await alive(page);
  await page.getByRole("button", { name: "Delete seat" }).click();
  const dialog = page.getByRole("dialog", { name: `Delete ${name}?` });
  await expect(dialog).toContainText("Its phone: its registration at 127.0.0.1 ends");
  await expect(dialog).not.toContainText("unsaved");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Typed and not saved");
  await page.getByRole("button", { name: "Delete seat" }).click();
  await expect(dialog).toContainText("You have 1 unsaved field: what was typed there is lost with it.");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await dialog.getByRole("button", { name: "Delete seat" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Seats" })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: `${name} was deleted` })).toBeAttached();
  expect(await desk.register()).toBe(403);

  // Its extension and its username go to others meanwhile.
  const heir = await api.newSeat("Heir", extension);
  await api.saveDevice(heir.device, { username: { text: login.username } });
  await page.goto(`/a/${api.account}/activity`);
  await alive(page);
  await page.getByRole("button", { name: `Restore ${name}` }).click();
  const restore = page.getByRole("dialog", { name: `Restore ${name}?` });
  await restore.getByRole("button", { name: "Restore" }).click();
  await expect(restore).toContainText("Something took its place meanwhile");
  await expect(restore).toContainText("Heir");
  await restore.getByLabel("Extension").fill(`${extension}1`);
  await restore.getByLabel("Username of Its phone").fill("another_name");
  await restore.getByRole("button", { name: "Restore" }).click();
  await expect(restore).toBeHidden();
  await expect(page.getByText(`restored the seat ${name}`)).toBeVisible();
  const back = await phone({ ...login, username: "another_name" });
  expect(await back.register()).toBe(200);
});
