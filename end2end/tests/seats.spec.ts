import { elsewhere, become, fresh } from "../lib/people.ts";
import type { Api } from "../lib/api.ts";
import { Peer } from "../lib/peers.ts";
import type { Page } from "@playwright/test";
import { alive, expect, test } from "../lib/test.ts";

const rows = (page: Page) => page.locator("table.seats tbody tr");
const names = (page: Page) => page.locator("table.seats tbody a.open");

async function open(page: Page, api: Api, query = "") {
  await page.goto(`/a/${api.account}/seats${query}`);
  await alive(page);
}

test("search finds name, extension, device, username, MAC in any spelling, and an address inside a range", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  await become(context, api);
  const desk = await api.newSeat("Front desk", "4711", "Lobby phone");
  const other = await api.newSeat("Warehouse", "4822", "Dock");
  await api.saveDevice(desk.device, { mac: { text: "80-5E-C0-12-34-56" }, username: { text: "lobby_one" } });
  await api.saveDevice(other.device, { method: { text: "ip" }, ip: { list: ["203.0.113.64/28", "2001:db8:7::/64"] } });
  await open(page, api);
  await expect(rows(page)).toHaveCount(2);
  const box = page.getByRole("searchbox", { name: "Search seats" });
  const finds: [string, string][] = [
    ["front", "Front desk"],
    ["4822", "Warehouse"],
    ["lobby ph", "Front desk"],
    ["DOCK", "Warehouse"],
    ["lobby_o", "Front desk"],
    ["80:5e:c0:12:34:56", "Front desk"],
    ["805ec0", "Front desk"],
    ["203.0.113.70", "Warehouse"],
    ["2001:db8:7::99", "Warehouse"],
  ];
  for (const [text, name] of finds) {
    await box.fill(text);
    await expect(names(page), text).toHaveText([name]);
  }
  await expect(page).toHaveURL(/q=2001/);
  await box.fill("203.0.113.80");
  await expect(page.getByText("No seat fits this search.")).toBeVisible();
});

test("/ searches, arrows go through the rows and Enter opens", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  await become(context, api);
  for (const n of [1, 2, 3]) await api.newSeat(`Seat ${n}`, `10${n}`);
  await open(page, api);
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.type("seat");
  await expect(page).toHaveURL(/q=seat/);
  await page.keyboard.press("ArrowDown");
  await expect(names(page).nth(0)).toBeFocused();
  await page.keyboard.press("End");
  await expect(names(page).nth(2)).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(names(page).nth(1)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Seat 2" })).toBeVisible();
});

test("keys typed faster than the list answers wait for the answer: down, and Enter, go to what was searched", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  await become(context, api);
  for (const [n, name] of ["Front desk", "Meeting room", "Workshop"].entries()) await api.newSeat(name, `10${n}`);
  // Answers take their time.
  await page.route("**/api/seats", async (route) => {
    await new Promise((done) => setTimeout(done, 400));
    await route.continue();
  });
  await open(page, api);
  await page.keyboard.press("/");
  await page.keyboard.type("work");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Workshop" })).toBeVisible();
  await page.goBack();
  await alive(page);
  await expect(names(page)).toHaveText(["Workshop"]);
  await page.keyboard.press("/");
  await page.keyboard.type("meet");
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await expect(names(page)).toHaveText(["Meeting room"]);
  await expect(names(page).first()).toBeFocused();
  await page.keyboard.press("/");
  await page.keyboard.type("front");
  await page.keyboard.press("ArrowDown");
  await expect(names(page).first()).toBeFocused();
  await expect(names(page)).toHaveText(["Front desk"]);
});

test("/ and the arrows work from everything in a row, and a row that goes leaves the focus in the list", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  await become(context, api);
  const made = [];
  for (const n of [1, 2, 3]) made.push(await api.newSeat(`Seat ${n}`, `10${n}`));
  await open(page, api);
  await page.getByRole("checkbox", { name: "Tick Seat 1" }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(names(page).nth(1)).toBeFocused();
  await rows(page).nth(1).locator("a.plain").focus();
  await page.keyboard.press("ArrowDown");
  await expect(names(page).nth(2)).toBeFocused();
  await api.must("delete_seat", { account: api.account, seat: made[2].seat, operation: crypto.randomUUID() });
  await expect(names(page)).toHaveText(["Seat 1", "Seat 2"]);
  await expect(names(page).first()).toBeFocused();
  await page.getByRole("checkbox", { name: "Tick Seat 2" }).focus();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
});

test("the list is sorted by name, extension and last change, both ways", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  await become(context, api);
  const a = await api.newSeat("Alpha", "300");
  await api.newSeat("beta", "100");
  await api.newSeat("Gamma", "200");
  await open(page, api);
  await expect(names(page)).toHaveText(["Alpha", "beta", "Gamma"]);
  await page.getByRole("link", { name: "Seat", exact: true }).click();
  await expect(names(page)).toHaveText(["Gamma", "beta", "Alpha"]);
  // Sorting is no step of the history, and the page stays where it was.
  await page.setViewportSize({ width: 1000, height: 260 });
  await page.evaluate(() => window.scrollTo(0, 60));
  const stands = () => page.evaluate(() => [history.length, window.scrollY]);
  const stood = await stands();
  expect(stood[1]).toBeGreaterThan(0);
  await page.getByRole("link", { name: "Extension" }).click();
  await expect(names(page)).toHaveText(["beta", "Gamma", "Alpha"]);
  expect(await stands()).toEqual(stood);
  await expect(page.getByRole("columnheader", { name: "Extension" })).toHaveAttribute("aria-sort", "ascending");
  await api.saveDevice(a.device, { expire_seconds: { text: "120" } });
  await page.getByRole("link", { name: "Last changed" }).click();
  await page.getByRole("link", { name: "Last changed" }).click();
  await expect(names(page)).toHaveText(["Alpha", "Gamma", "beta"]);
});

test("counts and registered n of m follow the phones without a reload; the filter leaves those that are not registered", async ({ page, context, server, phone }) => {
  const { api } = await elsewhere(server);
  await become(context, api);
  const seat = await api.newSeat("Two phones", "1");
  const second = await api.must<{ device: string }>("add_device", { account: api.account, seat: seat.seat, operation: crypto.randomUUID(), name: "Second" });
  const ip = await api.newSeat("By address", "2");
  await api.saveDevice(ip.device, { method: { text: "ip" }, ip: { list: ["192.0.2.77"] } });
  const off = await api.newSeat("Off", "3");
  await api.saveDevice(off.device, { enabled: { switch: false } });
  await open(page, api);
  await expect(page.getByText("3 seats · 4 devices · 0 registered now")).toBeVisible();
  const row = rows(page).filter({ hasText: "Two phones" });
  await expect(row).toContainText("0 of 2");
  const one = await phone(await api.credentials(seat.device));
  await one.register();
  await expect(row).toContainText("1 of 2");
  await page.getByRole("button", { name: "Not registered" }).click();
  await expect(names(page)).toHaveText(["Two phones"]);
  const two = await phone(await api.credentials(second.device));
  await two.register();
  await expect(page.getByText("No seat fits this search.")).toBeVisible();
  await page.getByRole("button", { name: "Not registered" }).click();
  await expect(row).toContainText("2 of 2");
  await expect(row.locator(".dot.on")).toBeVisible();
  await expect(page.getByText("2 registered now")).toBeVisible();
  await one.leave();
  await expect(row).toContainText("1 of 2");
});

test("the list says from where, which phone and until when, and hears the next REGISTER without a reload", async ({ page, context, server, phone }) => {
  const { api } = await elsewhere(server);
  await become(context, api);
  const seat = await api.newSeat("Front desk", "1", "Lobby phone");
  await open(page, api);
  const row = rows(page).filter({ hasText: "Front desk" });
  await expect(row.locator(".phone")).toHaveCount(0);
  const desk = await phone(await api.credentials(seat.device));
  await desk.register();
  await expect(row.locator(".phone")).toHaveText(new RegExp(`^${desk.address} · Yealink SIP-T54W 96.86.0.70 · expires in (6|5) min$`));
  await api.must("add_device", { account: api.account, seat: seat.seat, operation: crypto.randomUUID(), name: "Second" });
  await expect(row.locator(".phone")).toHaveText(/^Lobby phone: 127/);
  await desk.register(90);
  await expect(row.locator(".phone")).toContainText(/expires in (90|8\d) s$/);
  await desk.leave();
  await expect(row.locator(".phone")).toHaveCount(0);
});

test("a phone over TCP whose connection closed is registered and not reachable, in the list and on the seat's page", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  await become(context, api);
  const seat = await api.newSeat("Front desk", "1", "Lobby phone");
  await open(page, api);
  const row = rows(page).filter({ hasText: "Front desk" });
  const sipp = Peer.sipp(await api.credentials(seat.device), server.sipPort, "tcp", { stay: 20_000 });
  try {
    await expect(row.locator(".dot.on")).toBeVisible();
    await expect(row.locator(".phone")).not.toContainText("connection closed");
  } finally {
    await sipp.stop();
  }
  await expect(row).toContainText("1 of 1");
  await expect(row.locator(".dot.some")).toBeVisible();
  await expect(row.locator(".phone")).toContainText(/ · connection closed · expires in \d+ (s|min)$/);
  await page.goto(`/a/${api.account}/seats/${seat.seat}`);
  const device = page.getByRole("row").filter({ hasText: "Lobby phone" });
  await expect(device).toContainText("Registered, not reachable");
  await expect(device.locator(".phone")).toContainText(" · connection closed · expires in ");
});

test("a list whose rows change all the time comes to rest: an answer on its way is not dropped for the next question", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  await become(context, api);
  const { device } = await api.newSeat("Front desk", "100");
  await open(page, api);
  // Answers take longer than the list waits until it asks again.
  await page.route("**/api/seats", async (route) => {
    await new Promise((done) => setTimeout(done, 1_500));
    await route.continue();
  });
  let ends = false;
  const changes = (async () => {
    for (let n = 1; !ends; n++) {
      await api.saveDevice(device, { name: { text: `Phone ${n}` } });
      await new Promise((done) => setTimeout(done, 100));
    }
  })();
  const shown = async (name: RegExp) => expect(rows(page).first()).toContainText(name);
  try {
    await shown(/Phone \d/);
    await shown(/Phone \d\d/);
  } finally {
    ends = true;
    await changes;
  }
  await api.saveDevice(device, { name: { text: "Lobby phone" } });
  await shown(/Lobby phone/);
});

test("a new seat comes with its device, realm, username and password filled in, and opens the editor", async ({ page, api, complaints }) => {
  void complaints;
  const name = fresh("Reception");
  await open(page, api);
  await page.getByRole("link", { name: "New seat" }).click();
  await page.getByRole("button", { name: "Make the seat" }).click();
  await expect(page.getByText("Fill this in.")).toHaveCount(2);
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await page.getByLabel("Name", { exact: true }).fill(name);
  const extension = String(Date.now()).slice(-9);
  await page.getByLabel("Extension").fill(extension);
  await expect(page.getByLabel("First device")).toHaveValue("New Device");
  await page.getByRole("button", { name: "Make the seat" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Editing New Device" })).toBeVisible();
  await expect(page.getByText(`seat ${name}, extension ${extension}`)).toBeVisible();
  await expect(page.getByLabel("Username", { exact: true })).toHaveValue(/^user_[2-9a-hjkmnp-z]{8}$/);
  const device = page.url().split("/").pop()!;
  expect(await api.password(device)).toMatch(/^[A-Za-z0-9]{16}$/);
  // Its extension is taken now, and the page says by whom.
  await page.goto(`/a/${api.account}/seats/new`);
  await alive(page);
  await page.getByLabel("Name", { exact: true }).fill("Another");
  await page.getByLabel("Extension").fill(extension);
  await page.getByRole("button", { name: "Make the seat" }).click();
  await expect(page.locator("#extension-error")).toContainText(name);
});
