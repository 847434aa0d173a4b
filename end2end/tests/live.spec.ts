import type { Request } from "@playwright/test";
import { become, elsewhere, fresh, PASSWORD, somebody } from "../lib/people.ts";
import { alive, expect, test } from "../lib/test.ts";

test("one connection a browser however many tabs; the next tab takes over where the first one left, and nothing is lost", async ({ context, api, made, phone, editor }) => {
  const asked: string[] = [];
  context.on("request", (request) => {
    if (request.url().includes("/live/")) asked.push(request.url());
  });
  const tabs = [];
  for (let n = 0; n < 3; n++) {
    const tab = await context.newPage();
    await tab.goto(editor.path);
    await alive(tab);
    tabs.push(tab);
  }
  const desk = await phone(await api.credentials(made.device));
  await desk.register();
  for (const tab of tabs) await expect(tab.getByRole("region", { name: "On the network" })).toContainText(desk.address);
  expect(asked.length, asked.join(" ")).toBe(1);

  await tabs[0].close();
  await expect.poll(() => asked.length).toBe(2);
  expect(asked[1], "it goes on from the last number").toMatch(/\?after=\d+$/);
  await api.saveDevice(made.device, { name: { text: "Renamed meanwhile" } });
  await desk.leave();
  for (const tab of tabs.slice(1)) {
    await expect(tab.getByRole("heading", { level: 1 })).toHaveText("Editing Renamed meanwhile");
    await expect(tab.getByRole("region", { name: "On the network" })).toContainText("Not registered");
  }
  expect(asked.length).toBe(2);
});

test("tabs of two accounts share the one connection, and each hears of its own account alone", async ({ context, page, api, server, made, phone, editor }) => {
  const both = await elsewhere(server);
  const theirs = await both.api.newSeat("Their desk", "200");
  const token = await api.must<string>("invite", { account: api.account, name: both.name, role: "operator" });
  await both.api.must("accept_invite", { token, password: PASSWORD });
  await become(context, both.api);
  const open = new Set<Request>();
  context.on("request", (request) => void (request.url().includes("/live/") && open.add(request)));
  context.on("requestfailed", (request) => void open.delete(request));
  context.on("requestfinished", (request) => void open.delete(request));
  const carried = () => [...open].filter((request) => !request.frame().page().isClosed()).map((request) => new URL(request.url()).pathname.match(/[0-9a-f-]{36}/g)?.sort());

  await page.goto(editor.path);
  await alive(page);
  const second = await context.newPage();
  // A list: whatever is saved in its account makes it ask again.
  let asked = 0;
  second.on("request", (request) => void (request.url().endsWith("/api/seats") && asked++));
  await second.goto(`/a/${both.api.account}/seats`);
  await alive(second);
  await expect.poll(carried).toEqual([[api.account, both.api.account].sort()]);

  const row = second.getByRole("row").filter({ hasText: "Their desk" });
  await expect.poll(() => asked, "once when the stream is open").toBeGreaterThan(0);
  await second.waitForTimeout(3_000);
  const before = asked;
  const desk = await phone(await api.credentials(made.device));
  await desk.register();
  await api.saveDevice(made.device, { name: { text: "Renamed here" } });
  await expect(page.getByRole("region", { name: "On the network" })).toContainText(desk.address);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Editing Renamed here");
  await second.waitForTimeout(1_500);
  expect(asked, "nothing of it is news in the other account").toBe(before);
  await both.api.saveDevice(theirs.device, { name: { text: "Renamed over there" } });
  await expect(row).toContainText("Renamed over there");

  await page.close();
  await expect.poll(carried, "the next tab's carries what is shown").toEqual([[both.api.account]]);
  await both.api.saveDevice(theirs.device, { name: { text: "Renamed again" } });
  await expect(row).toContainText("Renamed again");
});

test("answered by something that is no stream, it is tried again by itself until it is one", async ({ context, page, api, made, editor }) => {
  let asked = 0;
  // As from a proxy whose server is being exchanged.
  await context.route("**/live/**", (route) => (++asked <= 2 ? route.fulfill({ status: 503, body: "" }) : route.continue()));
  await editor.open();
  await expect.poll(() => asked).toBeGreaterThan(0);
  await api.saveDevice(made.device, { name: { text: "Renamed meanwhile" } });
  await expect(page.getByRole("heading", { level: 1 }), "what was missed comes with it").toHaveText("Editing Renamed meanwhile");
  expect(asked).toBe(3);
  await api.saveDevice(made.device, { name: { text: "Renamed again" } });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Editing Renamed again");
  expect(asked).toBe(3);
});

test("without locks each tab has a stream of its own", async ({ context, api, made, phone, editor }) => {
  let asked = 0;
  context.on("request", (request) => void (request.url().includes("/live/") && asked++));
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, "locks", { value: undefined }));
  const tabs = [await context.newPage(), await context.newPage()];
  for (const tab of tabs) {
    await tab.goto(editor.path);
    await alive(tab);
  }
  const desk = await phone(await api.credentials(made.device));
  await desk.register();
  for (const tab of tabs) await expect(tab.getByRole("region", { name: "On the network" })).toContainText(desk.address);
  expect(asked).toBe(2);
});

test("who else looks at or edits the device is named, and gone when they leave", async ({ page, editor, browser, server }) => {
  await editor.open();
  const head = page.locator("header.page");
  await expect(head).not.toContainText("this device now");
  const { name, api: theirs } = await somebody(server, "operator");
  const context = await browser.newContext({ baseURL: server.url });
  await become(context, theirs);
  const other = await context.newPage();
  await other.goto(editor.path);
  await alive(other);
  await expect(head).toContainText(`${name} is looking at this device now.`);
  await expect(other.locator("header.page")).toContainText("ops-north is looking at this device now.");
  await other.getByLabel("Expire Seconds").fill("120");
  await expect(head).toContainText(`${name} is editing this device now.`);
  await page.getByLabel("Expire Seconds").fill("240");
  await expect(other.locator("header.page")).toContainText("ops-north is editing this device now.");
  await other.getByRole("button", { name: "Discard" }).click();
  await expect(head).toContainText(`${name} is looking at this device now.`);
  await other.getByRole("link", { name: "Carriers" }).click();
  await expect(head).not.toContainText("this device now");
  await context.close();
});

test("the stream ends with the role and with the session", async ({ browser, server, api }) => {
  const { api: theirs } = await somebody(server, "viewer");
  const streams = async () => {
    const response = await fetch(`${server.url}/live/${api.account}`, { headers: { cookie: theirs.cookie } });
    return { status: response.status, reader: response.body?.getReader() };
  };
  const first = await streams();
  expect(first.status).toBe(200);
  const me = (await theirs.must<any>("me", {})).id;
  await api.must("remove_operator", { account: api.account, operator: me });
  const end = async () => {
    for (;;) if ((await first.reader!.read()).done) return true;
  };
  expect(await Promise.race([end(), new Promise((done) => setTimeout(() => done(false), 20_000))])).toBe(true);
  expect((await streams()).status).toBe(404);
  void browser;
});

test("a tab whose session ended leaves the stream to the others, and hears again once its operator signed in anywhere", async ({ context, page, server, api, made, phone, editor }) => {
  const { name, api: theirs } = await somebody(server, "operator");
  await become(context, theirs);
  await page.goto(editor.path);
  await alive(page);
  await theirs.must("sign_out", {});
  await expect(page.getByText("Signed out.").first()).toBeVisible({ timeout: 30_000 });
  const desk = await phone(await api.credentials(made.device));
  const second = await context.newPage();
  await second.goto("/sign-in");
  await alive(second);
  await second.getByLabel("Name", { exact: true }).fill(name);
  await second.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await second.getByRole("button", { name: "Sign in" }).click();
  await expect(second.getByText(`${name} · Operator`)).toBeVisible();
  await second.goto(editor.path);
  await alive(second);
  await desk.register();
  for (const tab of [second, page]) await expect(tab.getByRole("region", { name: "On the network" })).toContainText(desk.address, { timeout: 20_000 });
});

test("what the command line writes is told, and one account without a role leaves the tabs of others the stream", async ({ context, page, api, server, made, editor }) => {
  const both = await elsewhere(server);
  const theirs = await both.api.newSeat("Their desk", "200");
  const token = await api.must<string>("invite", { account: api.account, name: both.name, role: "operator" });
  await both.api.must("accept_invite", { token, password: PASSWORD });
  await become(context, both.api);
  await page.goto(editor.path);
  await alive(page);
  const second = await context.newPage();
  await second.goto(`/a/${both.api.account}/activity`);
  await alive(second);
  const name = fresh("newcomer");
  await server.command(["operator", "add", name, "--account", both.account, "--role", "viewer"], `${PASSWORD}\n`);
  await both.api.must("rename_account", { account: both.api.account, name: both.account });
  await both.api.saveDevice(theirs.device, { name: { text: "Renamed" } });
  await expect(second.locator("ol.events")).toContainText(name);

  const me = (await both.api.must<any>("me", {})).id;
  await api.must("remove_operator", { account: api.account, operator: me });
  await both.api.saveDevice(theirs.device, { name: { text: "Renamed without the other" } });
  await expect(second.locator("ol.events")).toContainText("Renamed without the other", { timeout: 20_000 });
  await api.saveDevice(made.device, { mac: { text: "" } });
});
