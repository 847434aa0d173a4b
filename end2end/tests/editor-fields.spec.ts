import { address } from "../lib/people.ts";
import { expect, test } from "../lib/test.ts";

test("a new device comes filled in: realm, 360, Password, a username, no address", async ({ editor, page, api }) => {
  await editor.open();
  const basic = page.getByRole("region", { name: "Basic" });
  const authentication = page.getByRole("region", { name: "Authentication" });
  const view = await api.device(editor.made.device);
  await expect(basic.getByLabel("Realm", { exact: true })).toHaveValue(view.effective_realm);
  await expect(basic.getByLabel("Invite Format", { exact: true })).toHaveValue("contact");
  await expect(basic.getByLabel("Expire Seconds", { exact: true })).toHaveValue("360");
  await expect(basic.getByLabel("Outbound Flags", { exact: true })).toHaveValue("");
  await expect(authentication.getByLabel("Authentication Method", { exact: true })).toHaveValue("password");
  await expect(authentication.getByLabel("Username", { exact: true })).toHaveValue(/^user_[2-9a-hjkmnp-z]{8}$/);
  await expect(authentication.getByLabel("IP Address", { exact: true })).toHaveCount(0);
  expect(await api.password(editor.made.device)).toMatch(/^[A-Za-z2-9]{16}$/);
});

test("the method swaps the fields at once, keeps what was typed on the other side, and does not send it", async ({ editor, page, api }) => {
  await editor.open();
  const method = page.getByLabel("Authentication Method", { exact: true });
  await page.getByLabel("Username", { exact: true }).fill("typed_before");
  await method.selectOption("ip");
  await expect(page.getByLabel("Password", { exact: true })).toHaveCount(0);
  await editor.state("ip", "invalid");
  await expect(editor.field("ip")).toContainText("Fill this in.");
  await method.selectOption("password");
  await expect(page.getByLabel("Username", { exact: true })).toHaveValue("typed_before");
  await editor.state("username", "modified");
  await page.getByLabel("Password", { exact: true }).fill("typed-and-hidden-1");
  await method.selectOption("ip");
  await page.getByLabel("IP Address", { exact: true }).fill(address());
  await page.keyboard.press("Enter");
  const sent = page.waitForRequest("**/api/save_device");
  await editor.save.click();
  const body = (await sent).postData()!;
  expect(body).not.toContain("typed-and-hidden-1");
  await editor.state("ip", "clean");
  expect((await api.device(editor.made.device)).record.values.method.text).toBe("ip");
});

test("Invite Format: seven choices, SIP Route and Number with theirs, and the line that the phone will see", async ({ editor, page }) => {
  await editor.open();
  const format = page.getByLabel("Invite Format", { exact: true });
  await expect(format.getByRole("option")).toHaveText(["Contact", "Username", "NPA NXX XXXX", "1 NPA NXX XXXX", "E.164", "E.164 without +", "SIP Route"]);
  await expect(page.getByLabel("SIP Route", { exact: true })).toHaveCount(0);
  await expect(page.getByLabel("Number", { exact: true })).toHaveCount(0);
  await format.selectOption("e164");
  await page.getByLabel("Number", { exact: true }).fill("2234567890");
  await expect(editor.field("invite_format")).toContainText("sip:+12234567890@");
  await format.selectOption("npan");
  await expect(editor.field("invite_format")).toContainText("sip:2234567890@");
  await format.selectOption("route");
  await expect(page.getByLabel("Number", { exact: true })).toHaveCount(0);
  await page.getByLabel("SIP Route", { exact: true }).fill("not a route");
  await editor.state("route", "invalid");
  await page.getByLabel("SIP Route", { exact: true }).fill("sip:pbx.example.net");
  await editor.state("route", "modified");
  await expect(editor.field("invite_format")).toContainText("sip:pbx.example.net");
});

test("Outbound Flags: chips, static and dynamic apart, and no carrier left is said", async ({ editor, page }) => {
  await editor.open();
  const input = page.getByLabel("Outbound Flags", { exact: true });
  await input.fill("e2e-typo");
  await page.keyboard.press("Enter");
  await expect(editor.field("outbound_flags").getByRole("listitem")).toHaveText([/e2e-typo/]);
  await editor.state("outbound_flags", "modified");
  await expect(editor.field("outbound_flags")).toContainText("No carrier");
  await page.getByLabel("Kind of the next flag").selectOption("dynamic");
  await input.fill("zone");
  await page.keyboard.press("Enter");
  await expect(editor.field("outbound_flags").getByRole("listitem").nth(1)).toContainText("dynamic");
  await page.getByRole("button", { name: "Remove e2e-typo" }).click();
  await expect(editor.field("outbound_flags").getByRole("listitem")).toHaveCount(1);
});

test("IP Address: addresses and ranges as chips; too wide is refused as the server does", async ({ editor, page }) => {
  await editor.open();
  await page.getByLabel("Authentication Method", { exact: true }).selectOption("ip");
  const input = page.getByLabel("IP Address", { exact: true });
  await input.fill("203.0.113.7, 203.0.113.16/28,");
  await expect(editor.field("ip").getByRole("listitem")).toHaveCount(2);
  await input.fill("10.0.0.0/8");
  await page.keyboard.press("Enter");
  await editor.state("ip", "invalid");
  await expect(editor.field("ip")).toContainText("is too wide: at most /24 for IPv4");
});
