import type { Page, Route } from "@playwright/test";
import { alive, expect, test } from "../lib/test.ts";

/** Fetches the first answer to a function as it is now, and hands it to the page when told. */
async function hold(page: Page, name: string) {
  let release = () => {};
  const fetched = new Promise<void>((done) => {
    let first = true;
    void page.route(`**/api/${name}`, async (route: Route) => {
      if (!first) return route.continue();
      first = false;
      const answer = await route.fetch();
      const held = new Promise<void>((go) => (release = go));
      done();
      await held;
      await route.fulfill({ response: answer });
    });
  });
  return { fetched, release: () => release() };
}

const network = (page: Page) => page.getByRole("region", { name: "On the network" });

test("an editor opened by a link shows what happened while its data was on its way", async ({ editor, page, api, phone }) => {
  const desk = await phone(await api.credentials(editor.made.device));
  // The stream is open once the page asks again what happened before it was.
  const open = page.waitForResponse("**/api/seat");
  await page.goto(`/a/${api.account}/seats/${editor.made.seat}`);
  await alive(page);
  await open;
  const answer = await hold(page, "device");
  await page.locator(`main a[href="${editor.path}"]`).first().click();
  await answer.fetched;
  await desk.register();
  await page.waitForTimeout(1000);
  answer.release();
  await expect(network(page)).toContainText(desk.address);
});

test("the seat's page: an answer that is older than what was told does not stay", async ({ editor, page, api, phone }) => {
  const desk = await phone(await api.credentials(editor.made.device));
  const answer = await hold(page, "seat");
  await page.goto(`/a/${api.account}/seats/${editor.made.seat}`);
  await answer.fetched;
  await desk.register();
  const row = page.locator("main tr").filter({ has: page.locator(`a[href="${editor.path}"]`) });
  await expect(row).toContainText(desk.address);
  answer.release();
  await page.waitForTimeout(1500);
  await expect(row).toContainText(desk.address);
});

test("what happened before the stream was open is shown, also when asking for it fails at first", async ({ editor, page, api, phone }) => {
  const desk = await phone(await api.credentials(editor.made.device));
  let asked = 0;
  await page.route("**/live/**", async (route) => {
    await desk.register();
    await route.continue();
  });
  await page.route("**/api/device", (route) => (asked++ ? route.continue() : route.fulfill({ status: 503, body: "busy" })));
  await page.goto(editor.path);
  await expect(network(page)).toContainText(desk.address, { timeout: 15_000 });
  expect(asked).toBeGreaterThan(1);
});
