import { accessibility, ADMIN, alive, expect, REALM, test as base } from "../lib/test.ts";
import { Api } from "../lib/api.ts";
import { looks } from "../lib/looks.ts";
import { Phone } from "../lib/phone.ts";
import { Server } from "../lib/server.ts";

// Many at once, on a server of its own: the counts are of everything that it has.
const test = base.extend<{ lone: { server: Server; api: Api } }>({
  lone: async ({ page }, use) => {
    const server = await Server.start(["--reboot-probe", "1", "--reboot-watch", "10", "--reboot-wait", "15"]);
    const api = new Api(server.url);
    await api.setUp(server.code, ADMIN.name, ADMIN.password, REALM);
    const [name, value] = api.cookie.split(/=(.*)/s);
    await page.context().addCookies([{ name, value, url: server.url }]);
    await use({ server, api });
    await server.remove();
  },
});

/** Seats with a phone each, at these addresses; none for a seat without one. */
async function office({ server, api }: { server: Server; api: Api }, addresses: (string | null)[]) {
  const phones: (Phone | null)[] = [];
  const seats = [];
  for (const [n, bind] of addresses.entries()) {
    const made = await api.newSeat(`Desk ${String(n).padStart(2, "0")}`, String(100 + n));
    seats.push(made);
    const phone = bind ? await Phone.start(await api.credentials(made.device), server.sipPort, { bind }) : null;
    await phone?.register();
    phones.push(phone);
  }
  const notified = () => phones.reduce((sum, phone) => sum + (phone?.notified.length ?? 0), 0);
  const close = () => phones.forEach((phone) => phone?.close());
  return { phones, seats, notified, close };
}

test("all that a search shows: a preview first, five a minute for one address, pause, another pace, the result of each; the page can be closed", async ({ lone, page, browser }) => {
  test.setTimeout(120_000);
  const { server, api } = lone;
  const all = await office(lone, [...Array(8).fill("127.0.0.1"), "127.0.0.51", null]);
  try {
    await page.goto(`${server.url}/a/${api.account}/seats?q=Desk`);
    await alive(page);
    await page.getByRole("button", { name: "Reboot many…" }).click();
    const dialog = page.getByRole("dialog", { name: "Reboot many" });
    await expect(dialog).toContainText("All seats that the search shows: 10 enabled devices, 9 can be reached now. 1 can't: not registered.");
    await expect(dialog).toContainText("Asking them takes about 1 minute.");
    await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
    await accessibility(page);
    await dialog.getByRole("button", { name: "Start with 9 phones" }).click();
    await expect(page.getByRole("heading", { name: "Reboot many" })).toBeVisible();
    const progress = page.getByRole("region", { name: "Progress" });
    // Five at 127.0.0.1, the one at 127.0.0.51; who is not registered has his answer at once.
    await expect(progress).toContainText("3 waiting");
    await expect.poll(all.notified).toBe(6);
    await expect(page.getByRole("row").filter({ hasText: "Desk 09" })).toContainText("Not sent: not registered");
    await expect(page.getByRole("row").filter({ hasText: "Desk 08" })).toContainText("127.0.0.51");
    for (const phone of all.phones.slice(0, 5)) {
      await phone!.leave();
      await phone!.restart();
    }
    await expect(progress).toContainText("5 Restarted and back");
    await accessibility(page);
    await page.getByRole("button", { name: "Pause" }).click();
    await expect(progress).toContainText("Paused");
    await page.getByLabel("a minute for one source address").fill("100");
    const changed = page.waitForResponse("**/api/control_batch");
    await page.getByRole("button", { name: "Change the pace" }).click();
    await changed;
    await expect(page.getByLabel("a minute for one source address")).toHaveValue("100");
    const address = page.url();
    await page.close();
    await new Promise((done) => setTimeout(done, 1500));
    expect(all.notified(), "nobody is asked meanwhile").toBe(6);

    const again = await (await browser.newContext({ storageState: undefined })).newPage();
    const [name, value] = api.cookie.split(/=(.*)/s);
    await again.context().addCookies([{ name, value, url: server.url }]);
    await again.goto(`${server.url}/a/${api.account}/batches`);
    await alive(again);
    await again.getByRole("link", { name: "Reboot many" }).click();
    await again.waitForURL(address);
    await alive(again);
    await expect(again.getByRole("region", { name: "Progress" })).toContainText("Paused");
    await again.getByRole("button", { name: "Go on" }).click();
    await expect.poll(all.notified).toBe(9);
    await expect(again.getByRole("region", { name: "Progress" })).toContainText("Done 10 of 10 devices", { timeout: 60_000 });
    await expect(again.getByRole("region", { name: "Progress" })).toContainText("4 Accepted, but did not restart");
    await expect(again.getByRole("button", { name: "Pause" })).toHaveCount(0);
    await again.close();
  } finally {
    all.close();
  }
});

test("those that are ticked; cancelling leaves the rest alone; it survives a restart of the server", async ({ lone, page }) => {
  test.setTimeout(120_000);
  const { server, api } = lone;
  const all = await office(lone, ["127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1"]);
  try {
    await page.goto(`${server.url}/a/${api.account}/seats`);
    await alive(page);
    for (const n of ["00", "01", "02"]) await page.getByRole("checkbox", { name: `Tick Desk ${n}` }).check();
    await page.getByRole("button", { name: "Reboot 3 ticked…" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("3 ticked seats: 3 enabled devices, 3 can be reached now. All are asked at once.");
    await dialog.getByRole("radio", { name: /^Resync/ }).check();
    await dialog.getByLabel("a minute in all").fill("1");
    await dialog.getByRole("button", { name: "Start with 3 phones" }).click();
    const progress = page.getByRole("region", { name: "Progress" });
    await expect(progress).toContainText("1 Accepted by the phone");
    await expect(progress).toContainText("2 waiting");
    await expect.poll(all.notified).toBe(1);
    const refused = await api.call<any>("start_batch", {
      account: api.account, operation: crypto.randomUUID(), of: { seats: [all.seats[3].seat] }, action: "reboot", pace: { in_all: 50, of_source: 5 },
    });
    expect([refused.status, refused.body.Problem.refused.why]).toEqual([422, "Many are asked already. Wait until that has ended, or cancel it."]);

    await server.stop("SIGKILL");
    await server.boot();
    await new Promise((done) => setTimeout(done, 1000));
    expect(all.notified(), "the pace holds across the restart").toBe(1);
    await page.reload();
    await alive(page);
    await expect(progress).toContainText("2 waiting");
    await page.getByRole("button", { name: "Cancel the rest" }).click();
    await expect(progress).toContainText("2 Cancelled before its turn");
    await expect(progress).toContainText("Cancelled 3 of 3 devices");
    await expect(page.getByRole("button", { name: "Cancel the rest" })).toHaveCount(0);
    expect(all.notified()).toBe(1);
    await page.goto(`${server.url}/a/${api.account}/activity`);
    await expect(page.getByText("asked for many at once: 3 resyncs")).toBeVisible();
    await expect(page.getByText("many at once ended: 3 resyncs · cancelled")).toBeVisible();
  } finally {
    all.close();
  }
});

test("without a pace all are asked at once, and the page says what that does", async ({ lone, page }) => {
  const { server, api } = lone;
  const all = await office(lone, [...Array(8).fill("127.0.0.1"), null, null]);
  try {
    const last = all.seats.at(-1)!;
    await api.saveDevice(last.device, { method: { text: "ip" }, ip: { list: ["192.0.2.77"] } });
    await page.goto(`${server.url}/a/${api.account}/seats`);
    await alive(page);
    await page.getByRole("button", { name: "Reboot many…" }).click();
    const dialog = page.getByRole("dialog", { name: "Reboot many" });
    await expect(dialog).toContainText("8 can be reached now. 2 can't: 1 not registered, 1 with IP authentication, which does not register.");
    await expect(dialog).toContainText("Asking them takes about 1 minute.");
    const warning = dialog.getByText("offices lose every phone at the same time");
    await expect(warning).toHaveCount(0);
    await dialog.getByRole("checkbox", { name: "No pace" }).check();
    await expect(warning).toBeVisible();
    await expect(dialog.getByLabel("a minute in all")).toBeDisabled();
    await expect(dialog).toContainText("All are asked at once.");
    await looks(page, "many");
    await dialog.getByRole("button", { name: "Start with 8 phones" }).click();
    await expect.poll(all.notified).toBe(8);
    await expect(page.getByRole("region", { name: "Progress" })).toContainText("0 waiting");
    await expect(page.getByRole("checkbox", { name: "No pace" })).toBeChecked();
  } finally {
    all.close();
  }
});
