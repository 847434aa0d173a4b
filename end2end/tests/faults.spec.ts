import { fresh } from "../lib/people.ts";
import { expect, test } from "../lib/test.ts";

const extension = () => String(500_000 + Math.floor(Math.random() * 400_000));

test("several refusals of the server at once: each at its field, naming who has it; the focus on the first; every edit kept", async ({ editor, page, api }) => {
  const [name, mac] = [fresh("holder"), `805e${String(Date.now()).slice(-8)}`];
  const one = await api.newSeat(`One ${name}`, extension(), "Lobby phone");
  await api.saveDevice(one.device, { username: { text: name }, mac: { text: mac } });
  await editor.open();
  await page.getByLabel("MAC Address", { exact: true }).fill(mac.toUpperCase().replace(/(..)(?=.)/g, "$1-"));
  await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
  await page.getByLabel("Username", { exact: true }).fill(name.toUpperCase());
  await page.getByLabel("Password", { exact: true }).fill("typed-and-kept-1");
  const refused = page.waitForResponse("**/api/save_device");
  await editor.save.click();
  expect((await refused).status()).toBe(422);
  await editor.state("mac", "invalid");
  await editor.state("username", "invalid");
  await expect(editor.field("mac")).toContainText("taken in this account by Lobby phone.", { useInnerText: true });
  await expect(editor.field("username")).toContainText("is taken in this realm by Lobby phone.");
  await expect(page.getByLabel("MAC Address", { exact: true })).toBeFocused();
  await expect(page.getByRole("alert")).toContainText("Not saved. 2 fields can't be saved as they are.");
  for (const field of ["expire_seconds", "password"]) await editor.state(field, "modified");
  for (const field of ["mac", "username"]) await expect(editor.mark(field)).toBeVisible();
  expect((await api.device(editor.made.device)).record.values.expire_seconds.text).toBe("360");

  // An edit takes the refusal of its field away, and of its field alone.
  await page.getByLabel("MAC Address", { exact: true }).fill("");
  await editor.state("mac", "clean");
  await editor.state("username", "invalid");
  await editor.save.click();
  await expect(page.getByLabel("Username", { exact: true })).toBeFocused();
  await page.getByLabel("Username", { exact: true }).fill(`${name}-2`);
  await editor.save.click();
  for (const field of ["expire_seconds", "username", "password"]) await editor.state(field, "clean");
  expect(await api.password(editor.made.device)).toBe("typed-and-kept-1");
});

test("refusals of both kinds: what the value decides is told before sending, with the focus on the first; nothing is sent", async ({ editor, page }) => {
  let sent = 0;
  page.on("request", (request) => (sent += request.url().endsWith("/api/save_device") ? 1 : 0));
  await editor.open();
  await page.getByLabel("MAC Address", { exact: true }).fill("80:5e");
  await page.getByLabel("Expire Seconds", { exact: true }).fill("59");
  await page.getByLabel("Username", { exact: true }).fill("a b");
  for (const field of ["mac", "expire_seconds", "username"]) await editor.state(field, "invalid");
  await expect(page.getByRole("region", { name: "Unsaved changes" })).toContainText("3 fields modified");
  await page.keyboard.press("Control+s");
  await expect(page.getByLabel("MAC Address", { exact: true })).toBeFocused();
  await expect(page.getByRole("alert")).toContainText("3 fields can't be saved");
  expect(sent).toBe(0);
});

test("a realm that was removed meanwhile is refused at its field", async ({ editor, page, api }) => {
  const realm = `${fresh("gone")}.sip.example.net`;
  await api.must("add_realm", { account: api.account, name: realm });
  await editor.open();
  await editor.field("realm").getByRole("button", { name: "Set another" }).click();
  await page.getByLabel("Realm", { exact: true }).selectOption(realm);
  const { realms } = await api.must<any>("settings", { account: api.account });
  await api.must("remove_realm", { account: api.account, realm: realms.find((line: any) => line.realm.name === realm).realm.id });
  await editor.save.click();
  await editor.state("realm", "invalid");
  await expect(editor.field("realm")).toContainText(`${realm} is not a realm of this account.`);
  await expect(page.getByLabel("Realm", { exact: true })).toBeFocused();
  await editor.field("realm").getByRole("button", { name: "Inherit again" }).click();
  await editor.state("realm", "clean");
});

test("addresses of the system itself and of another device are refused at the field, naming the device", async ({ editor, page, api }) => {
  const other = await api.newSeat(fresh("Gate"), extension(), "Gate phone");
  await api.saveDevice(other.device, { method: { text: "ip" }, ip: { list: ["192.31.196.64/28"] } });
  await editor.open();
  await page.getByLabel("Authentication Method", { exact: true }).selectOption("ip");
  const input = page.getByLabel("IP Address", { exact: true });
  await input.fill("127.0.0.1");
  await editor.save.click();
  await expect(editor.field("ip")).toContainText("127.0.0.1 is an address of this system itself.");
  await expect(input).toBeFocused();
  await editor.field("ip").getByRole("button", { name: "Remove 127.0.0.1" }).click();
  await input.fill("192.31.196.70");
  await editor.save.click();
  await expect(editor.field("ip")).toContainText("192.31.196.70 overlaps the addresses of Gate phone.");
  await editor.state("ip", "invalid");
});

test("a refused SAVE is over once its fields are typed anew, and Discard drops what is left of it", async ({ editor, page, api }) => {
  const other = await api.newSeat("Other desk", String(Date.now()).slice(-6));
  const taken = (await api.device(other.device)).record.values.username.text;
  await editor.open();
  const username = page.getByLabel("Username", { exact: true });
  await username.fill(taken);
  await page.keyboard.press("Control+s");
  await editor.state("username", "invalid");
  const bar = page.getByRole("region", { name: "Unsaved changes" });
  await expect(bar).toContainText("Not saved.");
  await editor.field("username").getByRole("button", { name: "undo" }).click();
  await editor.state("username", "clean");
  await expect(bar).toBeHidden();
  await username.fill(taken);
  await page.keyboard.press("Control+s");
  await editor.state("username", "invalid");
  await bar.getByRole("button", { name: "Discard" }).click();
  await expect(bar).toBeHidden();
  await expect(page.locator("#main"), "the focus is not left nowhere").toBeFocused();
});
