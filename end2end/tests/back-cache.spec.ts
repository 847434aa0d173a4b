import { alive, expect, test } from "../lib/test.ts";

// A browser that keeps the pages that were left, and shows them again as they were.
test.use({
  launchOptions: [async ({ launchOptions }, use) => use({ ...launchOptions, ignoreDefaultArgs: ["--disable-back-forward-cache"] }), { scope: "worker" }],
});

test("a page out of the browser's back-forward cache shows what it missed, and hears again what goes on", async ({ editor, page, context, api }) => {
  const { account } = api;
  // A page that says that it is not to be stored is not kept by this browser: here it does not say so.
  await context.route(`**/a/${account}/**`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), "cache-control": "no-cache" } });
  });
  const asked: string[] = [];
  await editor.open();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Editing New Device");
  await page.evaluate(() => Object.assign(window, { left: true }));
  await page.goto(`/a/${account}/carriers`);
  await alive(page);
  await api.saveDevice(editor.made.device, { name: { text: "Renamed meanwhile" } });
  page.on("request", (request) => void (request.url().includes("/live/") && asked.push(request.url())));
  await page.evaluate(() => history.back());
  const title = page.getByRole("heading", { level: 1, name: /^Editing / });
  await expect(title).toHaveText("Editing Renamed meanwhile");
  expect(await page.evaluate(() => "left" in window), "nothing of it kept it out of the cache").toBe(true);
  await expect.poll(() => asked.length).toBe(1);
  await api.saveDevice(editor.made.device, { name: { text: "Renamed again" } });
  await expect(title).toHaveText("Editing Renamed again");
});
