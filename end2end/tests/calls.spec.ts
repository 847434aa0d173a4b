import { randomUUID } from "node:crypto";
import { Phone } from "../lib/phone.ts";
import { elsewhere } from "../lib/people.ts";
import { expect, test } from "../lib/test.ts";

test("a call obeys what is saved: extension, Number, Invite Format, carriers by Outbound Flags", async ({ server, api: north }) => {
  // The worker's own admin first: a server that has any can't be set up any more.
  void north;
  const { api } = await elsewhere(server);
  const [desk, dock] = [await api.newSeat("Desk", "4711", "Desk phone"), await api.newSeat("Dock", "4712", "Dock phone")];
  const [caller, callee] = [await Phone.start(await api.credentials(desk.device), server.sipPort), await Phone.start(await api.credentials(dock.device), server.sipPort)];
  try {
    expect((await caller.call("4712")).status, "not registered").toBe(480);
    expect(await callee.register()).toBe(200);
    // The Contact as it was registered.
    expect(await caller.call("4712")).toMatchObject({ status: 302, contacts: [`sip:${callee.login.username}@${callee.address}`] });
    expect((await caller.call(callee.login.username)).status, "by its username").toBe(302);

    await api.saveDevice(dock.device, { invite_format: { text: "e164" }, number: { text: "2234567890" } });
    expect((await caller.call("+12234567890")).contacts, "by its Number, however it is written").toEqual([`sip:+12234567890@${callee.address}`]);

    // Another extension counts at the next call.
    const seat = await api.must<any>("seat", { account: api.account, seat: dock.seat });
    const based = seat.record.stamps.extension ?? { version: 0, by: "", by_id: null, at: 0 };
    const change = { operation: randomUUID(), items: [{ field: "extension", based_on: based, value: { text: "4799" } }] };
    await api.must("save_seat", { account: api.account, seat: dock.seat, patch: change });
    expect((await caller.call("4799")).status).toBe(302);

    // Outside: no carrier, then one that wants a flag, then the flag.
    expect((await caller.call("+493012345")).status).toBe(503);
    const values = { carrier_name: { text: "Intercity" }, carrier_uri: { text: "sip:gw.example.net" }, carrier_flags: { list: ["fax"] } };
    await api.must("new_carrier", { account: api.account, operation: randomUUID(), values: { ...values, require_flags: { switch: true } } });
    const flags = (name: string) => api.saveDevice(desk.device, { outbound_flags: { flags: [{ name, kind: "static" }] } });
    await flags("night");
    const refused = await caller.call("+493012345");
    expect(refused.status).toBe(503);
    expect(refused.reason).toContain("night");
    await flags("fax");
    expect(await caller.call("+493012345")).toMatchObject({ status: 302, contacts: ["sip:+493012345@gw.example.net"] });

    await api.must("delete_device", { account: api.account, device: dock.device, operation: randomUUID() });
    expect((await caller.call("4799")).status, "its seat has no device any more").toBe(480);
  } finally {
    caller.close();
    callee.close();
  }
});

test("what the editor shows beforehand is what the wire says then", async ({ editor, page, api, made, phone }) => {
  const other = await api.newSeat("Caller", String(50_000 + Math.floor(Math.random() * 9_000)));
  const [callee, caller] = [await phone(await api.credentials(made.device)), await phone(await api.credentials(other.device))];
  expect(await callee.register()).toBe(200);
  await editor.open();
  const line = editor.field("invite_format").locator("code").filter({ hasText: "INVITE" });
  const saved = async () => {
    await editor.save.click();
    await expect(page.getByRole("region", { name: "Unsaved changes" })).toBeHidden();
  };
  const seen = new Set<string>();
  for (const format of ["username", "npan", "1npan", "e164", "strip_plus", "route", "contact"]) {
    const labels: Record<string, string> = { npan: "NPA NXX XXXX", "1npan": "1 NPA NXX XXXX", e164: "E.164", strip_plus: "E.164 without +", route: "SIP Route", contact: "Contact", username: "Username" };
    await page.getByLabel("Invite Format", { exact: true }).selectOption({ label: labels[format] });
    // Another number than the sample of the preview.
    if (format === "npan") await page.getByLabel("Number", { exact: true }).fill("2015550123");
    if (format === "route") await page.getByLabel("SIP Route", { exact: true }).fill("sip:line7@pbx.example.net:5070");
    const previewed = await line.innerText();
    await saved();
    const { status, contacts } = await caller.call(callee.login.username);
    expect([status, contacts], labels[format]).toEqual([302, [previewed.replace("INVITE ", "")]]);
    seen.add(contacts[0]);
  }
  expect(seen.size, "five user parts and a route").toBeGreaterThanOrEqual(5);

  // And why no carrier is left, of the caller's own flags.
  await page.goto(`/a/${api.account}/seats/${other.seat}/devices/${other.device}`);
  const flags = page.getByLabel("Outbound Flags", { exact: true });
  await flags.fill(`nobody-has-${Date.now()}`);
  await page.keyboard.press("Enter");
  const sentence = /No carrier is left: [^.]*\./;
  await expect(editor.field("outbound_flags")).toContainText(sentence);
  const previewed = sentence.exec(await editor.field("outbound_flags").innerText())![0];
  await saved();
  expect(await caller.call("+493012345")).toMatchObject({ status: 503, reason: `SIP;cause=503;text="${previewed}"` });
});
