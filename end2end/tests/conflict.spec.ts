import type { Page } from "@playwright/test";
import { Api } from "../lib/api.ts";
import { ADMIN, expect, test } from "../lib/test.ts";

const seconds = (page: Page) => page.getByLabel("Expire Seconds", { exact: true });
const stored = async (api: Api, device: string, field: string) => (await api.device(device)).record.values[field].text;

/** Somebody else at another machine: a session of its own. */
async function other(url: string) {
  const api = new Api(url);
  await api.signIn(ADMIN.name, ADMIN.password);
  return api;
}

test("a field that only somebody else touched merges, and a note says so", async ({ editor, page, api, server }) => {
  await editor.open();
  await seconds(page).fill("120");
  await (await other(server.url)).saveDevice(editor.made.device, { mac: { text: "805ec0123456" } });
  await expect(page.getByText(`${ADMIN.name} changed MAC`)).toBeVisible();
  await editor.state("expire_seconds", "modified");
  await editor.state("mac", "clean");
  await editor.save.click();
  await editor.state("expire_seconds", "clean");
  expect(await stored(api, editor.made.device, "mac")).toBe("805ec0123456");
  expect(await stored(api, editor.made.device, "expire_seconds")).toBe("120");
});

test("a field that both touched shows both sides, who and when; yours is saved when chosen", async ({ editor, page, api, server }) => {
  await editor.open();
  await seconds(page).fill("120");
  await (await other(server.url)).saveDevice(editor.made.device, { expire_seconds: { text: "600" } });
  await editor.state("expire_seconds", "conflict");
  await expect(editor.mark("expire_seconds")).toBeVisible();
  await editor.save.click();
  const dialog = page.getByRole("dialog", { name: `${ADMIN.name} saved this device while you were editing` });
  await expect(dialog).toBeVisible();
  for (const words of ["360", "600", "120", `${ADMIN.name} saved`]) await expect(dialog).toContainText(words);
  await expect(dialog.locator("time")).toBeAttached();
  expect(await stored(api, editor.made.device, "expire_seconds")).toBe("600");
  await dialog.getByRole("radio", { name: "Expire Seconds: yours" }).check();
  await dialog.getByRole("button", { name: "Save merged" }).click();
  await editor.state("expire_seconds", "clean");
  expect(await stored(api, editor.made.device, "expire_seconds")).toBe("120");
});

test("beside the field theirs is named, and taken without the dialog; nothing is said of a field that nobody typed", async ({ editor, page, api, server }) => {
  await editor.open();
  await seconds(page).fill("120");
  const east = await other(server.url);
  await east.saveDevice(editor.made.device, { expire_seconds: { text: "600" } });
  await editor.state("expire_seconds", "conflict");
  await expect(editor.field("expire_seconds")).toContainText(`${ADMIN.name} saved 600 while you were editing. SAVE asks which to keep.`);
  await expect(editor.field("expire_seconds").locator(".was")).toHaveText("was 360 take theirs");
  await editor.field("expire_seconds").getByRole("button", { name: "take theirs" }).click();
  await expect(seconds(page)).toHaveValue("600");
  await editor.state("expire_seconds", "clean");
  // One unit: the number is mine, the format theirs.
  await page.getByLabel("Invite Format", { exact: true }).selectOption("e164");
  await editor.save.click();
  await editor.state("invite_format", "clean");
  await page.getByLabel("Number", { exact: true }).fill("2234567890");
  await east.saveDevice(editor.made.device, { invite_format: { text: "npan" } });
  await editor.state("number", "conflict");
  await expect(editor.field("number")).toContainText(`${ADMIN.name} changed Invite Format while you were editing.`);
  await expect(editor.field("invite_format")).toContainText(`${ADMIN.name} saved NPA NXX XXXX while you were editing.`);
  await expect(editor.field("invite_format").locator(".was")).toHaveCount(0);
  expect(await stored(api, editor.made.device, "number")).toBe("");
});

for (const side of ["yours", "theirs"] as const) {
  test(`saved once more while the choice is open: nothing is chosen against what was not seen (${side})`, async ({ editor, page, api, server }) => {
    await editor.open();
    await seconds(page).fill("120");
    const east = await other(server.url);
    await east.saveDevice(editor.made.device, { expire_seconds: { text: "600" } });
    await editor.state("expire_seconds", "conflict");
    await editor.save.click();
    const dialog = page.getByRole("dialog", { name: `${ADMIN.name} saved this device while you were editing` });
    const radio = (which: string) => dialog.getByRole("radio", { name: which === "yours" ? "Expire Seconds: yours" : `Expire Seconds: what ${ADMIN.name} saved` });
    await expect(dialog).toContainText("600");
    await east.saveDevice(editor.made.device, { expire_seconds: { text: "700" } });
    await expect(editor.field("expire_seconds")).toContainText("saved 700");
    await radio(side).check();
    await dialog.getByRole("button", { name: "Save merged" }).click();
    await expect(dialog.getByRole("alert")).toHaveText("It changed once more while you were choosing. Choose again.");
    await expect(dialog).toContainText("700");
    expect(await stored(api, editor.made.device, "expire_seconds")).toBe("700");
    await radio(side).check();
    await dialog.getByRole("button", { name: "Save merged" }).click();
    await expect(dialog).toBeHidden();
    await editor.state("expire_seconds", "clean");
    expect(await stored(api, editor.made.device, "expire_seconds")).toBe(side === "yours" ? "120" : "700");
  });
}

test("another field comes into conflict while the choice is open: it is asked about too, and nothing was decided", async ({ editor, page, api, server }) => {
  await editor.open();
  await seconds(page).fill("120");
  await page.getByLabel("MAC Address", { exact: true }).fill("80:5e:c0:00:01:01");
  const east = await other(server.url);
  await east.saveDevice(editor.made.device, { expire_seconds: { text: "600" } });
  await editor.state("expire_seconds", "conflict");
  await editor.save.click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("rowheader")).toHaveText(["Expire Seconds"]);
  await east.saveDevice(editor.made.device, { mac: { text: "805ec0000102" } });
  await editor.state("mac", "conflict");
  await dialog.getByRole("button", { name: "Save merged" }).click();
  await expect(dialog.getByRole("rowheader")).toHaveText(["MAC Address", "Expire Seconds"]);
  await expect(dialog.getByRole("alert")).toBeVisible();
  expect(await stored(api, editor.made.device, "expire_seconds")).toBe("600");
  await dialog.getByRole("button", { name: "Save merged" }).click();
  await expect(dialog).toBeHidden();
  await editor.state("mac", "clean");
  expect(await stored(api, editor.made.device, "expire_seconds")).toBe("120");
  expect(await stored(api, editor.made.device, "mac")).toBe("805ec0000101");
});

test("choosing theirs keeps theirs, and saves the rest", async ({ editor, page, api, server }) => {
  await editor.open();
  await seconds(page).fill("120");
  await page.getByLabel("MAC", { exact: false }).first().fill("80:5e:c0:00:00:01");
  await (await other(server.url)).saveDevice(editor.made.device, { expire_seconds: { text: "600" } });
  await editor.state("expire_seconds", "conflict");
  await editor.save.click();
  await page.getByRole("radio", { name: `Expire Seconds: what ${ADMIN.name} saved` }).check();
  await page.getByRole("button", { name: "Save merged" }).click();
  await editor.state("mac", "clean");
  await expect(seconds(page)).toHaveValue("600");
  expect(await stored(api, editor.made.device, "mac")).toBe("805ec0000001");
});

test("without the live stream the server's answer brings the conflict, and nothing is overwritten", async ({ editor, page, api, server }) => {
  await page.addInitScript(() => Object.defineProperty(window, "EventSource", { value: class { close() {} addEventListener() {} } }));
  await editor.open();
  await seconds(page).fill("120");
  await (await other(server.url)).saveDevice(editor.made.device, { expire_seconds: { text: "600" } });
  const answer = page.waitForResponse("**/api/save_device");
  await editor.save.click();
  expect((await answer).status()).toBe(409);
  await expect(page.getByRole("dialog")).toContainText("600");
  expect(await stored(api, editor.made.device, "expire_seconds")).toBe("600");
  await page.getByRole("button", { name: "Go back to editing" }).click();
  await expect(seconds(page)).toHaveValue("120");
});
