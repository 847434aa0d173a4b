import { become, fresh, PASSWORD, somebody } from "../lib/people.ts";
import { alive, expect, test } from "../lib/test.ts";

test("a session that ends under the editor: the save waits, the edits stay, and after signing in in another tab it goes through", async ({ editor, page, context, api, server }) => {
  const own = await somebody(server, "operator", "Test account", fresh("ended"));
  await become(context, own.api);
  await editor.open();
  await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
  await own.api.must("sign_out", {});
  await editor.save.click();
  await expect(page.getByRole("region", { name: "Unsaved changes" })).toContainText("You are signed out; your edits are kept.");
  await editor.state("expire_seconds", "modified");
  await own.api.signIn(own.name, PASSWORD);
  await become(context, own.api);
  await editor.save.click();
  await editor.state("expire_seconds", "clean");
  expect((await api.device(editor.made.device)).record.values.expire_seconds.text).toBe("120");
});

test("a page's address without a session leads over sign-in to that page", async ({ page, context, server, made, api }) => {
  const own = await somebody(server, "viewer");
  await context.clearCookies();
  await page.goto(`/a/${api.account}/seats/${made.seat}`);
  await alive(page);
  await expect(page.getByRole("heading", { name: "Signed out" })).toBeVisible();
  await page.getByRole("link", { name: "Sign in" }).click();
  await alive(page);
  await page.getByLabel("Name", { exact: true }).fill(own.name);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(new RegExp(`/a/${api.account}/seats/${made.seat}$`));
  await expect(page.getByRole("heading", { name: "Devices" })).toBeVisible();
});

test("sign-in leads to pages of this server alone", async ({ page, context, server }) => {
  const own = await somebody(server, "viewer");
  for (const next of ["//evil.example/", "https://evil.example/", "/\\evil.example"]) {
    await context.clearCookies();
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await alive(page);
    await page.getByLabel("Name", { exact: true }).fill(own.name);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Seats" })).toBeVisible();
    expect(page.url().startsWith(server.url)).toBe(true);
  }
});

test("what a page that is left open asks says that nobody is there, until a key or a press", async ({ editor, page }) => {
  await page.clock.install();
  await editor.open();
  const said: (string | undefined)[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/look")) said.push(request.headers()["x-seatline-unattended"]);
  });
  const next = async (time: number) => {
    const before = said.length;
    await page.clock.fastForward(time);
    await expect.poll(() => said.length).toBeGreaterThan(before);
    return said.at(-1);
  };
  expect(await next(25_000)).toBeUndefined();
  for (const act of [() => page.keyboard.press("Shift"), () => page.mouse.click(2, 2)]) {
    expect(await next(65_000)).toBe("1");
    expect(await next(25_000)).toBe("1");
    await act();
    expect(await next(25_000)).toBeUndefined();
  }
});
