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
