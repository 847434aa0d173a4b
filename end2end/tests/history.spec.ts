import type { Page } from "@playwright/test";
import { address } from "../lib/people.ts";
import { accessibility, alive, expect, REALM, test, type Editor } from "../lib/test.ts";

const rows = (page: Page) => page.locator("ol.timeline > li");

async function history(editor: Editor) {
  await editor.page.goto(`${editor.path}/history`);
  await alive(editor.page);
}

/** What of an answer a stranger could tell reasons apart by. */
const alike = (response: string) =>
  response
    .split("\r\n")
    .filter((line) => !/^(Via|From|To|Call-ID|CSeq|WWW-Authenticate):/i.test(line))
    .join("\n");

test("each reason of a refused try is told apart on the page, and alike on the wire", async ({ editor, page, phone, api, made }) => {
  const login = await api.credentials(made.device);
  const answers: string[] = [];

  const wrong = await phone({ ...login, password: "not the password" });
  answers.push(await wrong.answer());
  answers.push(await wrong.answer());

  await api.must("add_realm", { account: api.account, name: "second.example.net" });
  const elsewhere = await phone({ ...login, realm: "second.example.net" });
  answers.push(await elsewhere.answer());
  // A REGISTER does not tell whether a realm is anybody's.
  const typo = await phone({ ...login, realm: "typing-error.example" }, { bind: "127.0.3.1" });
  answers.push(await typo.answer());

  const stranger = await phone({ username: "nobody_here", realm: REALM, password: "guess" });
  answers.push(await stranger.answer());

  const ip = await api.newSeat("By address", String(30_000 + Math.floor(Math.random() * 9_000)));
  await api.saveDevice(ip.device, { method: { text: "ip" }, ip: { list: [address()] } });
  const byAddress = (await api.device(ip.device)).record.values.username.text;
  const forged = await phone({ username: byAddress, realm: REALM, password: "guess" });
  answers.push(await forged.answer());

  // Only who knows the password is told by another answer than before: to nobody else.
  await api.saveDevice(made.device, { enabled: { switch: false } });
  const disabled = await phone(login);
  answers.push(await disabled.answer());
  await api.saveDevice(made.device, { enabled: { switch: true } });

  expect(new Set(answers.map(alike)).size, answers.join("\n\n")).toBe(1);
  expect(answers[0]).toMatch(/^SIP\/2\.0 403 /);

  // A repeated answer is the exception: a phone must learn that it is to try anew, whether or not the user exists.
  const twice = await phone(login);
  expect(await twice.register()).toBe(200);
  const stale = await twice.again();
  expect(stale).toMatch(/^SIP\/2\.0 401 /);
  expect(stale).toContain("stale=true");

  await editor.open();
  await page.getByRole("link", { name: "History" }).click();
  await expect(page.getByRole("heading", { name: "History of New Device" })).toBeVisible();
  const row = (text: string) => rows(page).filter({ hasText: text });
  await expect(row("Refused: wrong password")).toContainText(wrong.address);
  await expect(row("Refused: wrong password")).toContainText("2 tries");
  await expect(row("Refused: wrong password")).toContainText("The phone has another password than the one saved here.");
  await expect(row("Refused: wrong realm").filter({ hasText: `${elsewhere.address} as ${login.username}@second.example.net` })).toHaveCount(1);
  await expect(row("Refused: wrong realm").filter({ hasText: `${typo.address} as ${login.username}@typing-error.example` })).toHaveCount(1);
  await expect(row("Refused: device disabled")).toContainText(disabled.address);
  await expect(row("Refused: answer repeated")).toContainText(twice.address);
  await expect(row("Registered from")).toContainText(`${twice.address} udp`);
  await expect(row("changed this device")).toHaveCount(2);
  await expect(row("Refused:"), "the stranger's and the other device's tries are not here").toHaveCount(5);
  await accessibility(page);

  await page.goto(`/a/${api.account}/seats/${ip.seat}/devices/${ip.device}/history`);
  await expect(row("Refused: address not allowed")).toContainText("The device authenticates by IP, and this is none of its addresses.");

  await page.goto(`/a/${api.account}/activity`);
  await page.getByRole("link", { name: "Refused tries" }).click();
  const line = page.getByRole("row").filter({ hasText: "nobody_here@" });
  await expect(line).toContainText("127.0.0.1");
  await expect(line).toContainText("no such username");
  await accessibility(page);
});

test("each reason by a phone that is not ours", async ({ editor, page, sipp, api, made }) => {
  test.setTimeout(90_000);
  const login = await api.credentials(made.device);
  const refused = async (as: typeof login, bind?: string) => {
    const phone = await sipp(as, { bind });
    expect(await phone.register()).toBe(403);
    return phone.address;
  };
  const wrong = await refused({ ...login, password: "not the password" });
  await api.must("add_realm", { account: api.account, name: "third.example.net" });
  const elsewhere = await refused({ ...login, realm: "third.example.net" });
  const typo = await refused({ ...login, realm: "typing-error.example" }, "127.0.3.2");
  await refused({ ...login, username: "nobody_at_all", password: "guess" });
  const ip = await api.newSeat("By address, SIPp", String(40_000 + Math.floor(Math.random() * 9_000)));
  await api.saveDevice(ip.device, { method: { text: "ip" }, ip: { list: [address()] } });
  await refused({ username: (await api.device(ip.device)).record.values.username.text, realm: REALM, password: "guess" });
  await api.saveDevice(made.device, { enabled: { switch: false } });
  const disabled = await refused(login);
  await api.saveDevice(made.device, { enabled: { switch: true } });
  const twice = await sipp(login);
  expect(await twice.register()).toBe(200);
  expect(await twice.again(), "another proof is asked for").toBe(true);

  await history(editor);
  const row = (text: string) => rows(page).filter({ hasText: text });
  await expect(row("Refused: answer repeated")).toContainText(twice.address);
  await expect(row("Refused: wrong password")).toContainText(wrong);
  await expect(row("Refused: wrong realm").filter({ hasText: `${elsewhere} as ${login.username}@third.example.net` })).toHaveCount(1);
  await expect(row("Refused: wrong realm").filter({ hasText: `${typo} as ${login.username}@typing-error.example` })).toHaveCount(1);
  await expect(row("Refused: device disabled")).toContainText(disabled);
  await page.goto(`/a/${api.account}/seats/${ip.seat}/devices/${ip.device}/history`);
  await expect(row("Refused: address not allowed")).toHaveCount(1);
  await page.goto(`/a/${api.account}/activity`);
  await page.getByRole("link", { name: "Refused tries" }).click();
  await expect(page.getByRole("row").filter({ hasText: "nobody_at_all@" })).toContainText("no such username");
});

test("what is tried from many sources fills no page: sixteen have a row, the others are counted in one, and another reason has its own", async ({ editor, page, phone, api, made }) => {
  const login = await api.credentials(made.device);
  for (let n = 1; n <= 20; n++) await (await phone({ ...login, password: "a guess" }, { bind: `127.0.2.${n}` })).answer();
  await api.saveDevice(made.device, { enabled: { switch: false } });
  const disabled = await phone(login);
  await disabled.answer();
  await history(editor);
  const row = (text: string) => rows(page).filter({ hasText: text });
  await expect(row("Refused: wrong password")).toHaveCount(17);
  await expect(row("from many other sources, the latest 127.0.2.20:")).toContainText("4 tries");
  await expect(row("Refused: device disabled")).toContainText(`from ${disabled.address}`);
});

test("one axis: registrations, drops, reboots and saves, pushed as they happen, the newest first", async ({ editor, page, phone, api, made, complaints }) => {
  void complaints;
  const desk = await phone(await api.credentials(made.device));
  await history(editor);
  await expect(rows(page).filter({ hasText: "made this device" })).toBeVisible();
  await desk.register();
  await expect(rows(page).first()).toContainText(`Registered from ${desk.address} udp`);
  await api.saveDevice(made.device, { expire_seconds: { text: "600" } });
  await expect(rows(page).first()).toContainText("changed this device");
  await expect(rows(page).first()).toContainText("Expire Seconds");
  await api.must("reboot", { account: api.account, device: made.device, operation: crypto.randomUUID(), contact: null });
  await expect(rows(page).filter({ hasText: "Reboot, asked by" })).toContainText("Phone answered 200 OK");
  await desk.leave();
  await expect(rows(page).first()).toContainText("Left: the phone unregistered");
  await desk.restart();
  await expect(rows(page).filter({ hasText: "Reboot, asked by" })).toContainText("Restarted and back");
  await api.saveDevice(made.device, { username: { text: `u${Date.now()}` } });
  await expect(rows(page).filter({ hasText: "Registration ended by a save" })).toBeVisible();
  await page.reload();
  await expect(rows(page)).toHaveCount(9);
});

test("flapping is named: five drops in ten minutes", async ({ editor, page, sipp, api, made }) => {
  const desk = await sipp(await api.credentials(made.device));
  await history(editor);
  for (let n = 0; n < 5; n++) {
    await expect(page.getByText("Flapping")).toHaveCount(0);
    await desk.register();
    await desk.leave();
  }
  await expect(page.getByRole("status").filter({ hasText: "Flapping." })).toBeVisible();
  await expect(rows(page).filter({ hasText: "Flapping: 5 drops in 10 minutes" })).toHaveCount(1);
  await editor.open();
  await expect(page.getByRole("region", { name: "On the network" })).toContainText("Its registration dropped 5 times in 10 minutes.");
});

test("older rows come on demand, each once", async ({ editor, page, api, made }) => {
  for (let n = 0; n < 70; n++) await api.saveDevice(made.device, { expire_seconds: { text: String(100 + n) } });
  await history(editor);
  await expect(rows(page)).toHaveCount(60);
  await page.getByRole("button", { name: "Load older" }).click();
  await expect(rows(page)).toHaveCount(71);
  await expect(page.getByRole("button", { name: "Load older" })).toHaveCount(0);
  await expect(rows(page).last()).toContainText("made this device");
});

test("one contact is unregistered, after asking; the others stay", async ({ editor, page, sipp, api, made }) => {
  const login = await api.credentials(made.device);
  const [one, two] = [await sipp(login), await sipp(login)];
  await one.register();
  await two.register();
  await editor.open();
  const network = page.getByRole("region", { name: "On the network" });
  await expect(network.getByRole("button", { name: "unregister" })).toHaveCount(2);
  await network.locator("dl").filter({ hasText: one.address }).getByRole("button", { name: "unregister" }).click();
  const dialog = page.getByRole("dialog", { name: "Unregister a phone of New Device?" });
  await expect(dialog).toContainText(`The registration at ${one.address} ends`);
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await dialog.getByRole("button", { name: "Unregister" }).click();
  await expect(network).not.toContainText(one.address);
  await expect(network).toContainText(two.address);
  await history(editor);
  await expect(rows(page).filter({ hasText: "Unregistered by an operator" })).toContainText(one.address);
  await expect(rows(page).filter({ hasText: "unregistered a phone of this device" })).toContainText(one.address);
});
