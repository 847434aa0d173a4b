import type { Page } from "@playwright/test";
import { expect, test } from "../lib/test.ts";

const input = (page: Page) => page.getByLabel("IP Address", { exact: true });

test.beforeEach(async ({ context, editor, page }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await editor.open();
  await page.getByLabel("Authentication Method", { exact: true }).selectOption("ip");
});

test("IP Address: a pasted list becomes chips, saved in canonical form", async ({ editor, page, api, server }) => {
  const n = server.sipPort % 200;
  const pasted = `198.18.${n}.7\n198.18.${n}.16/28, 2001:db8:f${n}::/64 198.18.${n}.40-198.18.${n}.42\n::ffff:198.18.${n}.9`;
  await page.evaluate((text) => navigator.clipboard.writeText(text), pasted);
  await input(page).focus();
  await page.keyboard.press("Control+v");
  await page.keyboard.press("Enter");
  await expect(editor.field("ip").getByRole("listitem")).toHaveCount(5);
  await editor.state("ip", "modified");
  await page.keyboard.press("Control+s");
  await editor.state("ip", "clean");
  const saved = (await api.device(editor.made.device)).record.values.ip.list;
  expect(saved).toEqual([`198.18.${n}.7`, `198.18.${n}.16/28`, `2001:db8:f${n}::/64`, `198.18.${n}.40-198.18.${n}.42`, `198.18.${n}.9`]);
  await page.reload();
  await expect(editor.field("ip").getByRole("listitem")).toHaveCount(5);
});

test("IP Address: chips by keyboard: Backspace takes the last, arrows walk, Delete takes the one", async ({ editor, page }) => {
  const chips = editor.field("ip").getByRole("listitem");
  await input(page).fill("192.0.2.1 192.0.2.2 192.0.2.3 ");
  await expect(chips).toHaveCount(3);
  await input(page).focus();
  await page.keyboard.press("Backspace");
  await expect(chips).toHaveText([/192\.0\.2\.1$/, /192\.0\.2\.2$/]);
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("button", { name: "Remove 192.0.2.2" })).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Delete");
  await expect(chips).toHaveText([/192\.0\.2\.2$/]);
  await expect(page.getByRole("button", { name: "Remove 192.0.2.2" })).toBeFocused();
  await page.keyboard.press("End");
  await expect(input(page)).toBeFocused();
});

test("IP Address: an address of this system itself is refused, at the field, by the server alone", async ({ editor, page }) => {
  await input(page).fill("127.0.0.1");
  await page.keyboard.press("Enter");
  await editor.state("ip", "modified");
  await page.keyboard.press("Control+s");
  await editor.state("ip", "invalid");
  await expect(editor.field("ip")).toContainText("127.0.0.1 is an address of this system itself.");
  await expect(input(page)).toBeFocused();
});

for (const [typed, said] of [
  ["192.0.2.300", "192.0.2.300 is not an IP address or range."],
  ["192.0.2.0/28 192.0.2.5", "overlaps another range here."],
  ["2001:db8::/48", "is too wide: at most /24 for IPv4, /64 for IPv6."],
] as const) {
  test(`IP Address: ${typed} is refused at the field as the server refuses it`, async ({ editor, page, api }) => {
    await input(page).fill(typed);
    await page.keyboard.press("Enter");
    await editor.state("ip", "invalid");
    await expect(editor.field("ip")).toContainText(said, { useInnerText: true });
    const list = typed.split(" ");
    const based_on = { version: 0, by: "", by_id: null, at: 0 };
    const items = [{ field: "method", value: { text: "ip" } }, { field: "ip", value: { list } }].map((item) => ({ ...item, based_on }));
    const view = await api.device(editor.made.device);
    for (const item of items) item.based_on = view.record.stamps.method ?? based_on;
    const answer = await api.call<any>("save_device", { account: api.account, device: editor.made.device, then_reboot: false, patch: { operation: crypto.randomUUID(), items } });
    expect(answer.status).toBe(422);
    expect(Object.keys(answer.body.Problem.invalid.faults)).toEqual(["ip"]);
  });
}
