import { looks } from "../lib/looks.ts";
import { become, somebody } from "../lib/people.ts";
import { alive, type Editor, expect, test } from "../lib/test.ts";

const label = ({ page }: Editor, name: string) => page.getByLabel(name, { exact: true });

test("axe-core finds nothing and nothing is cut off: the choice of a conflict, its fields, the note", async ({ editor, page, server }) => {
  const east = await somebody(server, "operator");
  await editor.open();
  await label(editor, "Expire Seconds").fill("120");
  await label(editor, "Username").fill("a_rather_long_username_of_mine");
  await label(editor, "Invite Format").selectOption("e164");
  await east.api.saveDevice(editor.made.device, {
    expire_seconds: { text: "600" },
    username: { text: "a_rather_long_username_of_theirs" },
    invite_format: { text: "route" },
    route: { text: "sip:a-rather-long-host-name.gateway.example.net;transport=tcp" },
    mac: { text: "805ec0fade01" },
  });
  await editor.state("expire_seconds", "conflict");
  await looks(page, "conflict-fields");
  await editor.save.click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await looks(page, "conflict");
  await east.api.saveDevice(editor.made.device, { mac: { text: "" } });
});

test("axe-core finds nothing and nothing is cut off: the questions of leaving, deleting and rebooting, and a reboot's steps", async ({ editor, page, api, phone }) => {
  const desk = await phone(await api.credentials(editor.made.device));
  const beside = await phone(await api.credentials(editor.made.device), { userAgent: "snomD785/10.1.169.16 a long name of a phone" });
  for (const one of [desk, beside]) await one.register();
  await editor.open();
  await label(editor, "Expire Seconds").fill("120");
  for (const [press, close] of [["Delete Device", "Cancel"], ["Reboot Device", "Cancel"], ["Sign out", "Stay"]]) {
    await page.setViewportSize({ width: 1360, height: 900 });
    await page.getByRole("button", { name: press, exact: true }).first().click();
    await expect(page.getByRole("button", { name: close })).toBeFocused();
    await looks(page, press);
    const box = await page.getByRole("dialog").boundingBox();
    expect(box!.y + box!.height).toBeLessThanOrEqual(900);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
  }
  await page.getByRole("button", { name: "Reboot Device" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Reboot Device" }).click();
  const last = page.getByRole("region", { name: "Last reboot" });
  await expect(last).toContainText("Phone answered 200 OK");
  await looks(page, "reboot-under-way");
  for (const one of [desk, beside]) await one.leave();
  for (const one of [desk, beside]) await one.restart();
  await expect(last).toContainText("Restarted and back");
  await looks(page, "reboot-done");
});

test("axe-core finds nothing and nothing is cut off: every field of the editor, filled, wrong, and with flags that no carrier has", async ({ editor, page }) => {
  await editor.open();
  await label(editor, "Invite Format").selectOption("route");
  await label(editor, "SIP Route").fill("sip:a-rather-long-host-name.gateway.example.net;transport=tcp;and=more");
  await label(editor, "Outbound Flags").fill("a-flag-with-quite-a-long-name-for-a-flag,another,third,");
  await page.getByRole("button", { name: "Generate password" }).click();
  await looks(page, "editor-filled");
  await label(editor, "Authentication Method").selectOption("ip");
  await label(editor, "IP Address").fill("203.0.113.7,2001:db8:aaaa:bbbb::/64,203.0.113.100-203.0.113.120,10.0.0.0/8,");
  await label(editor, "Name").fill("");
  await editor.state("ip", "invalid");
  await looks(page, "editor-wrong");
});

test("axe-core finds nothing and nothing is cut off: gone under the page, a refused save, no connection, a viewer's editor", async ({ editor, page, context, api, server }) => {
  await editor.open();
  await page.route("**/api/save_device", (route) => route.abort());
  await label(editor, "Expire Seconds").fill("120");
  await editor.save.click();
  await expect(page.getByRole("region", { name: "Unsaved changes" })).toContainText("Waiting to be saved");
  await looks(page, "save-failed");
  const viewer = await somebody(server, "viewer");
  await become(context, viewer.api);
  page.on("dialog", (dialog) => void dialog.accept());
  await page.goto(editor.path);
  await alive(page);
  await looks(page, "viewer");
  await api.must("delete_device", { account: api.account, device: editor.made.device, operation: crypto.randomUUID() });
  await expect(page.getByRole("alert")).toContainText("was deleted by");
  await looks(page, "gone");
  await page.goto(`/a/${api.account}/carriers/new`);
  await expect(page.getByRole("heading", { name: "Not allowed" })).toBeVisible();
  await looks(page, "not-allowed");
});
