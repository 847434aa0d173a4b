import type { Page } from "@playwright/test";
import { Api } from "../lib/api.ts";
import { become, fresh, PASSWORD, somebody } from "../lib/people.ts";
import { Server } from "../lib/server.ts";
import { ADMIN, alive, expect, REALM, test } from "../lib/test.ts";

async function signIn(page: Page, name: string, password: string) {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("a page without a session leads to sign-in, and signing in to the seats", async ({ page, context, server }) => {
  const { name } = await somebody(server, "operator");
  await context.clearCookies();
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in$/);
  await alive(page);
  await signIn(page, name, PASSWORD);
  await expect(page.getByRole("heading", { level: 1, name: "Seats" })).toBeVisible();
  await expect(page.getByText(`${name} · Operator`)).toBeVisible();
});

test("a wrong password and an unknown name get the same answer, in the page and on the wire", async ({ page, context, server, api }) => {
  void api;
  await context.clearCookies();
  await page.goto("/sign-in");
  await alive(page);
  await signIn(page, ADMIN.name, "not the password");
  await expect(page.getByRole("alert")).toHaveText("Name or password is wrong.");
  await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  const nobody = new Api(server.url);
  const wrong = await nobody.call("sign_in", { name: ADMIN.name, password: "not the password" });
  const unknown = await nobody.call("sign_in", { name: fresh("nobody"), password: "not the password" });
  expect(wrong.status).toBe(401);
  expect(unknown).toEqual(wrong);
});

test("wrong tries are slowed by name and address, alike for an unknown name; the right password is refused too while it waits", async () => {
  const server = await Server.start();
  try {
    const api = new Api(server.url);
    await api.setUp(server.code, ADMIN.name, ADMIN.password, REALM);
    const tries = async (name: string) => {
      const seen: number[] = [];
      // Six are free; a wait of a second begins with the next. On a slow machine it can be over before another try.
      while (seen.at(-1) !== 429 && seen.length < 10) seen.push((await new Api(server.url).call("sign_in", { name, password: "not the password" })).status);
      return seen;
    };
    const slowed = await tries(ADMIN.name);
    expect(slowed.slice(0, 6)).toEqual([401, 401, 401, 401, 401, 401]);
    expect(slowed.at(-1)).toBe(429);
    expect((await new Api(server.url).call("sign_in", ADMIN)).status).toBe(429);
    const unknown = await tries("nobody");
    expect([unknown.slice(0, 6), unknown.at(-1)]).toEqual([slowed.slice(0, 6), 429]);
    // Not locked out: it is only a pause, and who is signed in goes on.
    expect((await api.call("me", {})).status).toBe(200);
    await expect.poll(async () => (await new Api(server.url).call("sign_in", ADMIN)).status, { timeout: 5000 }).toBe(200);
  } finally {
    await server.remove();
  }
});

test("others' wrong tries don't lock an admin out: from another address the right password goes through", async () => {
  // Whoever asks from this machine is a proxy that says for whom.
  const server = await Server.start(["--trust-proxy", "127.0.0.1"]);
  try {
    const api = new Api(server.url);
    await api.setUp(server.code, ADMIN.name, ADMIN.password, REALM);
    const from = (address: string, password: string) =>
      new Api(server.url).call("sign_in", { name: ADMIN.name, password }, { "x-forwarded-for": address }).then(({ status }) => status);
    for (let i = 0; i < 40; i++) await from("203.0.113.66", "not the password");
    expect(await from("203.0.113.66", ADMIN.password), "who guesses waits, also with the right one").toBe(429);
    expect(await from("198.51.100.7", ADMIN.password)).toBe(200);
    expect(await from("198.51.100.7", "not the password"), "nor do their tries count for others").toBe(401);
    expect(await from("198.51.100.7", ADMIN.password)).toBe(200);
  } finally {
    await server.remove();
  }
});

test("nor from the same address, in a browser where the admin signed in before: signing out and in again goes through", async ({ browser }) => {
  const server = await Server.start();
  try {
    await new Api(server.url).setUp(server.code, ADMIN.name, ADMIN.password, REALM);
    const page = await browser.newPage({ baseURL: server.url });
    const signIn = async (password: string) => {
      await page.getByLabel("Name", { exact: true }).fill(ADMIN.name);
      await page.getByLabel("Password", { exact: true }).fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
    };
    await page.goto("/sign-in");
    await alive(page);
    await signIn(ADMIN.password);
    await expect(page).toHaveURL(/\/seats$/);
    await alive(page);
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL(/\/sign-in$/);
    await alive(page);
    const guess = (name: string) => new Api(server.url).call("sign_in", { name, password: "not the password" });
    for (let i = 0; i < 30; i++) await guess(i < 8 ? ADMIN.name : `somebody ${i}`);
    expect((await new Api(server.url).call("sign_in", ADMIN)).status, "who comes new from there waits").toBe(429);
    await signIn("not the password");
    await expect(page.getByRole("alert")).toHaveText("Name or password is wrong.");
    await signIn(ADMIN.password);
    await expect(page).toHaveURL(/\/seats$/);
    await page.close();
  } finally {
    await server.remove();
  }
});

test("signing out ends the session on the server: the old cookie is refused", async ({ page, context, server }) => {
  const { api: own } = await somebody(server, "operator");
  await become(context, own);
  await page.goto(`/a/${own.account}/seats`);
  await alive(page);
  const old = own.cookie;
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  const again = new Api(server.url);
  again.cookie = old;
  expect((await again.call("me", {})).status).toBe(401);
  const settings = await fetch(`${server.url}/a/${own.account}/settings`, { headers: { cookie: old } });
  expect(await settings.text()).not.toContain(REALM);
});

test("the session's cookie is HttpOnly, SameSite=Lax and of the whole site; __Host- and Secure where https is", async ({ server, api }) => {
  void api;
  const { name } = await somebody(server, "viewer");
  const cookie = async (url: string, origin: string) => {
    const answer = await fetch(`${url}/api/sign_in`, {
      method: "POST",
      headers: { "content-type": "application/json", origin },
      body: JSON.stringify({ name, password: PASSWORD }),
    });
    return answer.headers.getSetCookie();
  };
  const plain = await cookie(server.url, server.url);
  expect(plain).toEqual([
    expect.stringMatching(/^seatline=\S+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/),
    expect.stringMatching(/^seatline-known=\S+; Max-Age=15552000; Path=\/; HttpOnly; SameSite=Lax$/),
  ]);
  const secure = await Server.start(["--public-url", "https://seats.example.net"]);
  try {
    await new Api(secure.url).call("setup", { code: secure.code, name, password: PASSWORD, account: "A", realm: REALM }, { origin: "https://seats.example.net" });
    expect(await cookie(secure.url, "https://seats.example.net")).toEqual([
      expect.stringMatching(/^__Host-seatline=\S+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax; Secure$/),
      expect.stringMatching(/^__Host-seatline-known=\S+; Max-Age=15552000; Path=\/; HttpOnly; SameSite=Lax; Secure$/),
    ]);
  } finally {
    await secure.remove();
  }
});
