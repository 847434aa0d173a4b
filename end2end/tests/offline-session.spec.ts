import { bar, goto, kept, saved, seconds, stored } from "../lib/offline.ts";
import { become, fresh, PASSWORD, somebody } from "../lib/people.ts";
import { alive, expect, test } from "../lib/test.ts";

test("the session ends under edits: sign in over the page, then what waited goes out", async ({ editor, page, context, api, server }) => {
  const own = await somebody(server, "operator", "Test account", fresh("ended"));
  await become(context, own.api);
  await editor.open();
  await seconds(page).fill("120");
  await own.api.must("sign_out", {});
  await editor.save.click();
  await expect(bar(page)).toContainText("Waiting to be saved: 1 field. You are signed out; your edits are kept.");
  await bar(page).getByRole("button", { name: "Sign in" }).click();
  const dialog = page.getByRole("dialog", { name: "Sign in to go on" });
  await expect(dialog).toContainText(own.name);
  await dialog.getByLabel("Password", { exact: true }).fill("wrong wrong wrong");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toBeVisible();
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
  await editor.state("expire_seconds", "clean");
  await expect(dialog).toBeHidden();
  await expect(page.getByText("You are signed out.")).toBeHidden();
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("120");
});

test("another operator's sign-in in this browser does not send the first one's queue, nor show it", async ({ editor, page, context, api, server }) => {
  const [first, second] = [await somebody(server, "operator", "Test account", fresh("first")), await somebody(server, "operator", "Test account", fresh("second"))];
  await become(context, first.api);
  await editor.open();
  await kept(page);
  await context.setOffline(true);
  await seconds(page).fill("120");
  await editor.save.click();
  await expect(bar(page)).toContainText("Waiting to be saved");
  // When the server is reached again the cookie is another one's.
  await become(context, second.api);
  let asked = false;
  page.on("response", (response) => void (asked ||= response.url().endsWith("/api/save_device")));
  await context.setOffline(false);
  await expect.poll(() => asked, { message: "the first one's page tries it, in the first one's name", timeout: 30_000 }).toBe(true);
  await expect(bar(page)).toContainText("You are signed out; your edits are kept.");
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("360");
  const tab = await context.newPage();
  await goto(tab, editor.path);
  await expect(tab.getByText(`${second.name} · Operator`)).toBeVisible();
  await expect(seconds(tab)).toHaveValue("360");
  await expect(tab.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "clean");
  await tab.waitForTimeout(2_000);
  expect(await saved(api, editor.made.device, "expire_seconds"), "nor does the second one's").toBe("360");
  await goto(tab, `/a/${api.account}/seats?drafts=1`);
  await expect(tab.getByText("Nothing is kept unsaved on this computer.")).toBeVisible();
  const { rows } = await api.must<any>("activity", { account: api.account, ask: { device: editor.made.device, seat: null, operator: null, before: null } });
  expect(rows.filter((row: any) => JSON.stringify(row.event.kind).includes("device_changed"))).toEqual([]);
  // The first one is back: it goes out, in the first one's name.
  await become(context, first.api);
  await goto(tab, editor.path);
  await expect.poll(() => saved(api, editor.made.device, "expire_seconds"), { timeout: 30_000 }).toBe("120");
});

test("a request under another operator's session is refused", async ({ api, made, server }) => {
  const own = await somebody(server, "operator");
  const me = await api.must<any>("me", {});
  const { status, body } = await own.api.call<any>("device", { account: api.account, device: made.device }, { "x-seatline-operator": me.id });
  expect([status, body.Problem]).toEqual([401, "signed_out"]);
});

test("sign-out takes secrets and what was looked at; what waited is a draft without them, and says so; another operator sees none of it", async ({ editor, page, context, api, server }) => {
  const own = await somebody(server, "operator", "Test account", fresh("out"));
  await become(context, own.api);
  await editor.open();
  await kept(page);
  await context.setOffline(true);
  await seconds(page).fill("120");
  await page.getByLabel("Password", { exact: true }).fill("typed-and-gone-1");
  await editor.save.click();
  await expect(bar(page)).toContainText("Waiting to be saved: 2 fields.");
  await page.getByRole("button", { name: "Sign out" }).click();
  // Without a connection: until the server has ended the session, every page is this one.
  await expect(page.getByRole("heading", { name: "Signed out" })).toBeVisible({ timeout: 20_000 });
  await goto(page, editor.path);
  await expect(page.getByRole("heading", { name: "Signed out" })).toBeVisible();
  const left = await stored(page);
  expect(left).not.toContain("typed-and-gone-1");
  expect(left).not.toContain("a key");
  expect(left).not.toContain("effective_realm");
  expect((await own.api.call("me", {})).status).toBe(200);
  await context.setOffline(false);
  await expect(page).toHaveURL(/sign-in$/, { timeout: 20_000 });
  expect((await own.api.call("me", {})).status).toBe(401);

  const other = await somebody(server, "operator");
  await become(context, other.api);
  await goto(page, editor.path);
  await editor.state("expire_seconds", "clean");
  await expect(page.getByRole("link", { name: /waiting to be saved/ })).toHaveCount(0);

  await own.api.signIn(own.name, PASSWORD);
  await become(context, own.api);
  await goto(page, editor.path);
  await editor.state("expire_seconds", "modified");
  await editor.state("password", "clean");
  await expect(bar(page)).toContainText("You signed out before these edits were saved. SAVE sends them now.");
  await expect(page.getByText("but not the password that you typed")).toBeVisible();
  await editor.save.click();
  await editor.state("expire_seconds", "clean");
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("120");
});

test("of a change sent and unanswered before the sign-out the result is asked for at the next sign-in", async ({ editor, page, context, api, server }) => {
  const own = await somebody(server, "operator", "Test account", fresh("asks"));
  await become(context, own.api);
  await editor.open();
  await page.route("**/api/save_device", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await seconds(page).fill("120");
  await page.getByLabel("Password", { exact: true }).fill("typed-and-sent-1");
  await editor.save.click();
  await expect(bar(page)).toContainText("Waiting to be saved: 2 fields.");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/sign-in$/);
  await alive(page);
  const version = (await api.device(editor.made.device)).record.stamps.expire_seconds.version;
  await own.api.signIn(own.name, PASSWORD);
  await become(context, own.api);
  await goto(page, editor.path);
  await editor.state("expire_seconds", "clean");
  await expect(bar(page)).toBeHidden({ timeout: 20_000 });
  expect((await api.device(editor.made.device)).record.stamps.expire_seconds.version).toBe(version);
  expect(await api.password(editor.made.device)).toBe("typed-and-sent-1");
});

test("a sign-out that the server refuses takes nothing away", async ({ editor, page, context, server }) => {
  const own = await somebody(server, "operator", "Test account", fresh("refused"));
  await become(context, own.api);
  await editor.open();
  await page.getByLabel("Password", { exact: true }).fill("typed-before-it");
  await expect.poll(() => stored(page)).toContain('"edits":{"password"');
  await page.route("**/api/sign_out", (route) => route.fulfill({ status: 429, contentType: "application/json", body: JSON.stringify({ Problem: { slow_down: { seconds: 3 } } }) }));
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Keep as a draft" }).click();
  await expect(page.getByText("Wait 3 seconds").first()).toBeVisible();
  page.on("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await alive(page);
  await editor.state("password", "modified");
  await page.getByLabel("Password", { exact: true }).focus();
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("typed-before-it");
});

test("SAVE in a tab that did not hear of the sign-out in another one: a draft, without what is secret, and not sent at the next sign-in", async ({ editor, page, context, api, server }) => {
  const own = await somebody(server, "operator", "Test account", fresh("late"));
  await become(context, own.api);
  // As in the moment in which the word is on its way.
  await page.addInitScript(() => {
    const heard = Object.getOwnPropertyDescriptor(BroadcastChannel.prototype, "onmessage")!;
    Object.defineProperty(BroadcastChannel.prototype, "onmessage", {
      ...heard,
      set(then) {
        if ((this as BroadcastChannel).name !== "seatline") heard.set!.call(this, then);
      },
    });
  });
  await editor.open();
  await seconds(page).fill("120");
  await expect.poll(() => stored(page)).toContain('{"text":"120"}');
  const tab = await context.newPage();
  await goto(tab, `/a/${api.account}/seats`);
  await tab.getByRole("button", { name: "Sign out" }).click();
  await expect(tab).toHaveURL(/sign-in$/);
  await page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>('[data-field="password"] input')!;
    input.focus();
    input.value = "typed-behind-the-end";
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await page.keyboard.press("Control+s");
  // The page is nobody's any more.
  await expect(page).toHaveURL(/sign-in$/);
  const left = await stored(tab);
  expect(left).not.toContain("typed-behind-the-end");
  expect(left).not.toContain("a key");

  await own.api.signIn(own.name, PASSWORD);
  await become(context, own.api);
  await goto(tab, editor.path);
  await expect(bar(tab)).toContainText("You signed out before these edits were saved. SAVE sends them now.");
  await expect(tab.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "modified");
  await tab.waitForTimeout(2_000);
  expect(await saved(api, editor.made.device, "expire_seconds"), "not by itself").toBe("360");
  await tab.getByRole("button", { name: /^SAVE/ }).click();
  await expect(tab.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "clean");
  expect(await saved(api, editor.made.device, "expire_seconds")).toBe("120");
});

for (const offline of [false, true]) {
  test(`signing out where the session has ended already${offline ? ", meanwhile and without a connection," : ""} leads to sign-in, and the next one signs in`, async ({ editor, page, context, server }) => {
    const own = await somebody(server, "operator", "Test account", fresh("ended"));
    await become(context, own.api);
    await editor.open();
    await kept(page);
    await context.setOffline(offline);
    await own.api.must("sign_out", {});
    await page.getByRole("button", { name: "Sign out" }).click();
    if (offline) {
      await expect(page.getByRole("heading", { name: "Signed out" })).toBeVisible();
      await context.setOffline(false);
    }
    await expect(page).toHaveURL(/\/sign-in$/, { timeout: 20_000 });
    await page.reload();
    await alive(page);
    await page.getByLabel("Name", { exact: true }).fill(own.name);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText(`${own.name} · Operator`)).toBeVisible();
  });
}

test("a page of who was here before signs nobody else out", async ({ editor, page, context, server }) => {
  const [first, second] = [await somebody(server, "operator", "Test account", fresh("first")), await somebody(server, "operator", "Test account", fresh("second"))];
  await become(context, first.api);
  await editor.open();
  await kept(page);
  await become(context, second.api);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in|\/seats/);
  await page.waitForTimeout(6_000);
  expect((await second.api.call("me", {})).status, "the second one's session goes on").toBe(200);
});

test("signed out without a connection where no service worker holds pages back: the next page ends the session", async ({ browser, editor, server }) => {
  const own = await somebody(server, "operator", "Test account", fresh("without"));
  const context = await browser.newContext({ baseURL: server.url, serviceWorkers: "block" });
  await become(context, own.api);
  const page = await context.newPage();
  await goto(page, editor.path);
  await seconds(page).fill("120");
  await expect.poll(() => stored(page)).toContain("expire_seconds");
  await context.setOffline(true);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Keep as a draft" }).click();
  await expect.poll(() => page.url(), "the browser's own page, or ours").not.toContain("/devices/");
  expect((await own.api.call("me", {})).status).toBe(200);
  await context.setOffline(false);
  const next = await context.newPage();
  await next.goto(editor.path);
  await expect(next).toHaveURL(/\/sign-in/, { timeout: 20_000 });
  expect((await own.api.call("me", {})).status, "it has ended on the server").toBe(401);
  await context.close();
});
