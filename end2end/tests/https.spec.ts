import { test as base } from "@playwright/test";
import { firstSeat, setUp } from "../lib/first.ts";
import { proxy } from "../lib/proxy.ts";
import { Server } from "../lib/server.ts";
import { certificate } from "../lib/tls.ts";
import { ADMIN, alive, expect } from "../lib/test.ts";

const test = base.extend<{ files: ReturnType<typeof certificate>; complaints: string[] }>({
  ignoreHTTPSErrors: true,
  files: async ({}, use) => {
    const files = certificate();
    await use(files);
    files.remove();
  },
  complaints: async ({ page }, use) => {
    const said: string[] = [];
    page.on("pageerror", (error) => said.push(String(error)));
    page.on("console", (message) => message.type() === "error" && !/Failed to load resource|SSL certificate error/.test(message.text()) && said.push(message.text()));
    await use(said);
    expect(said, "the page complains of nothing").toEqual([]);
  },
});

test("https by a certificate of one's own: set up, edit, save, the live stream; the cookie is __Host- and Secure", async ({ page, context, files, complaints }) => {
  void complaints;
  const server = await Server.start(["--tls-cert", files.cert, "--tls-key", files.key]);
  try {
    expect(server.url).toMatch(/^https:/);
    await setUp(page, server);
    const cookies = await context.cookies();
    expect(cookies.map(({ name, secure, httpOnly, sameSite, path }) => ({ name, secure, httpOnly, sameSite, path }))).toEqual([
      { name: "__Host-seatline", secure: true, httpOnly: true, sameSite: "Lax", path: "/" },
      { name: "__Host-seatline-known", secure: true, httpOnly: true, sameSite: "Lax", path: "/" },
    ]);
    const stream = page.waitForResponse(/\/live\//);
    await page.reload();
    expect((await stream).status()).toBe(200);
    expect((await (await page.goto(page.url()))!.allHeaders())["strict-transport-security"]).toBeTruthy();
    await alive(page);
    await firstSeat(page);
    await expect(page.getByText("Plain http.")).toHaveCount(0);
    await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
    await page.keyboard.press("Control+s");
    await expect(page.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "clean");
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL(/\/sign-in$/);
    expect((await context.cookies()).map(({ name }) => name)).toEqual(["__Host-seatline-known"]);
  } finally {
    await server.remove();
  }
});

for (const named of [true, false]) {
  test(`behind a reverse proxy that ends TLS${named ? " and writes another Host, with --public-url" : ", by X-Forwarded-Proto of a trusted proxy"}`, async ({ page, context, files, complaints }) => {
    void complaints;
    const front = await proxy(files, { keepHost: !named });
    const server = await Server.start(["--trust-proxy", "127.0.0.1/32", ...(named ? ["--public-url", front.url] : [])]);
    front.lead(server.url);
    try {
      await setUp(page, server, front.url);
      expect((await context.cookies()).map(({ name, secure }) => [name, secure])).toEqual([
        ["__Host-seatline", true],
        ["__Host-seatline-known", true],
      ]);
      await alive(page);
      const editor = await firstSeat(page);
      expect(editor.startsWith(front.url)).toBe(true);
      await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
      await page.keyboard.press("Control+s");
      await expect(page.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "clean");
      // The stream comes through while it goes on.
      const second = await context.newPage();
      await second.goto(editor);
      await alive(second);
      await second.getByLabel("Name", { exact: true }).fill("Seen through the proxy");
      await second.keyboard.press("Control+s");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Editing Seen through the proxy");
      expect(front.seen.some((line) => line.startsWith("GET /live/"))).toBe(true);
    } finally {
      await server.remove();
      await front.stop();
    }
  });
}

test("wrong tries are counted by the address that a trusted proxy forwards, not by the proxy's", async ({ request, files }) => {
  const front = await proxy(files, { keepHost: true });
  const server = await Server.start(["--trust-proxy", "127.0.0.1/32"]);
  front.lead(server.url);
  try {
    const tries = async (from: string) => {
      front.from = from;
      const seen: number[] = [];
      while (seen.at(-1) !== 429 && seen.length < 10) {
        const headers = { origin: front.url, "content-type": "application/json" };
        seen.push((await request.post(`${front.url}/api/sign_in`, { headers, data: { name: ADMIN.name, password: "not the password" } })).status());
      }
      return seen;
    };
    const seen = await tries("203.0.113.1");
    expect([seen[0], seen.at(-1)]).toEqual([401, 429]);
    expect((await tries("203.0.113.2"))[0]).toBe(401);
  } finally {
    await server.remove();
    await front.stop();
  }
});
