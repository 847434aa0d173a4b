import { looks, open } from "../lib/looks.ts";
import { become, elsewhere } from "../lib/people.ts";
import { Server } from "../lib/server.ts";
import { expect, test } from "../lib/test.ts";

type Filled = { account: string; seat: string; device: string; gone: string; carrier: string };

/** An account with something of everything. */
const filled = test.extend<{ it: Filled }>({
  it: async ({ server, api: north, context }, use) => {
    void north;
    const { api } = await elsewhere(server);
    const { account } = api;
    const made = await api.newSeat("Front desk with a rather long name", "100", "Lobby phone");
    const gone = await api.must<{ device: string }>("add_device", { account, seat: made.seat, operation: crypto.randomUUID(), name: "Gone" });
    await api.must("delete_device", { account, device: gone.device, operation: crypto.randomUUID() });
    await api.saveDevice(made.device, { expire_seconds: { text: "120" }, mac: { text: "805ec0123456" } });
    const values = { carrier_name: { text: "Coast" }, carrier_uri: { text: "sip:coast.example.net" } };
    const carrier = await api.must<string>("new_carrier", { account, operation: crypto.randomUUID(), values });
    await api.must("add_realm", { account, name: `${account}.example.net` });
    await api.must("invite", { account, name: "somebody", role: "viewer" });
    await become(context, api);
    await use({ account, ...made, gone: gone.device, carrier });
  },
});

const PAGES: Record<string, (it: Filled) => string> = {
  "the seats": () => "seats",
  "a search that finds nothing": () => "seats?q=nothing+fits",
  "a new seat": () => "seats/new",
  "a seat": (it) => `seats/${it.seat}`,
  "the carriers": () => "carriers",
  "a new carrier": () => "carriers/new",
  "a carrier": (it) => `carriers/${it.carrier}`,
  "the examples": () => "flags",
  "the activity": () => "activity",
  "the history of a device": (it) => `seats/${it.seat}/devices/${it.device}/history`,
  "refused tries": () => "activity/tries",
  "many at once": () => "batches",
  "the settings": () => "settings",
  "what was deleted": (it) => `seats/${it.seat}/devices/${it.gone}`,
};

for (const [name, path] of Object.entries(PAGES)) {
  filled(`axe-core finds nothing and nothing is cut off, light and dark, wide and at 390 px: ${name}`, async ({ page, it }) => {
    await open(page, `/a/${it.account}/${path(it)}`);
    await looks(page, name);
  });
}

filled("axe-core finds nothing and nothing is cut off: a question, and the save bar", async ({ page, it }) => {
  await open(page, `/a/${it.account}/seats/${it.seat}`);
  await page.getByLabel("Extension", { exact: true }).fill("1 2");
  await looks(page);
  await page.getByRole("button", { name: "Delete seat" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await looks(page);
});

filled("axe-core finds nothing and nothing is cut off: sign-in, not found, an invitation that is none", async ({ page, context }) => {
  await context.clearCookies();
  for (const path of ["/sign-in", "/no/such/page", "/invite#nothing"]) {
    await open(page, path);
    await looks(page);
  }
});

test("axe-core finds nothing and nothing is cut off: setup", async ({ page }) => {
  const server = await Server.start();
  try {
    await open(page, `${server.url}/setup`);
    await looks(page);
  } finally {
    await server.remove();
  }
});

test("the longest names, without a space, widen no page", async ({ server, api: north, context, page }) => {
  void north;
  const { api } = await elsewhere(server);
  await become(context, api);
  const long = (what: string) => what.repeat(128).slice(0, 128);
  const made = await api.newSeat(long("Seat"), "1".repeat(32), long("Phone"));
  for (const width of [1360, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const path of ["seats", `seats/${made.seat}`, `seats/${made.seat}/devices/${made.device}`, `seats/${made.seat}/devices/${made.device}/history`, `activity?device=${made.device}`]) {
      await open(page, `/a/${api.account}/${path}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${path} at ${width}`).toBeLessThanOrEqual(width);
    }
  }
});
