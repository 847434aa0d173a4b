import { request } from "node:http";
import { become } from "../lib/people.ts";
import { expect, test } from "../lib/test.ts";

type Heard = { status: number; body: string; headers: Record<string, unknown> };

/** A request with exactly these headers. */
function raw(url: string, method: string, headers: Record<string, string>, body = "{}"): Promise<Heard> {
  // Said for every method: what a DELETE carries would else be read as the next request of the connection.
  const length = method === "GET" ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((done, fail) => {
    const asked = request(url, { method, headers: { "content-type": "application/json", ...length, ...headers } }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => (text += chunk));
      answer.on("end", () => done({ status: answer.statusCode!, body: text, headers: answer.headers }));
    });
    asked.on("error", fail);
    asked.end(method === "GET" ? undefined : body);
  });
}

const WRITES = [
  "sign_in sign_out setup change_password accept_invite invite revoke_invite set_role remove_operator rename_account add_realm remove_realm",
  "lift_penalty set_default_realm set_sha256 new_seat save_seat delete_seat add_device save_device delete_device look_password reboot restore_device restore_seat",
  "new_carrier save_carrier delete_carrier",
].flatMap((line) => line.split(" "));

test("every write from another site is refused, by Origin and by Sec-Fetch-Site, whatever the cookie", async ({ server, api }) => {
  const bad: Record<string, string>[] = [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: server.url, "sec-fetch-site": "cross-site" },
    { origin: server.url, "sec-fetch-site": "same-site" },
    {},
  ];
  for (const fn of WRITES) {
    for (const headers of bad) {
      const { status, body } = await raw(`${server.url}/api/${fn}`, "POST", { cookie: api.cookie, ...headers });
      expect([fn, headers, status]).toEqual([fn, headers, 403]);
      expect(body).toContain("ForeignOrigin");
    }
  }
  for (const method of ["PUT", "PATCH", "DELETE", "POST"]) {
    expect((await raw(`${server.url}/a/${api.account}/seats`, method, { cookie: api.cookie, origin: "https://evil.example" })).status).toBe(403);
  }
  expect((await api.call("me", {})).status).toBe(200);
});

test("every answer carries the security headers; a page its own policy with a fresh nonce", async ({ server, api }) => {
  const seats = `${server.url}/a/${api.account}/seats`;
  for (const url of [seats, `${server.url}/sign-in`, `${server.url}/nowhere`, `${server.url}/healthz`, `${server.url}/api/nothing`]) {
    const { headers } = await raw(url, "GET", { cookie: api.cookie });
    expect(headers["x-content-type-options"], url).toBe("nosniff");
    expect(headers["x-frame-options"], url).toBe("DENY");
    expect(headers["referrer-policy"], url).toBe("same-origin");
    expect(headers["cross-origin-opener-policy"], url).toBe("same-origin");
    expect(headers["cross-origin-resource-policy"], url).toBe("same-origin");
    expect(headers["permissions-policy"], url).toContain("camera=()");
    expect(headers["cache-control"], url).toContain("no-store");
    expect(headers["content-security-policy"], url).toContain("frame-ancestors 'none'");
  }
  const nonces = await Promise.all([1, 2].map(async () => /'nonce-([^']+)'/.exec(String((await raw(seats, "GET", { cookie: api.cookie })).headers["content-security-policy"]))?.[1]));
  expect(nonces[0]).toBeTruthy();
  expect(nonces[0]).not.toBe(nonces[1]);
  const policy = String((await raw(seats, "GET", { cookie: api.cookie })).headers["content-security-policy"]);
  for (const part of ["default-src 'self'", "'strict-dynamic'", "'wasm-unsafe-eval'", "style-src 'self'", "connect-src 'self'", "object-src 'none'", "base-uri 'none'"]) {
    expect(policy).toContain(part);
  }
  expect(policy).not.toContain("unsafe-inline");
  expect(policy).not.toContain("'unsafe-eval'");
});

test("a body that is too long is refused, and the page obeys its policy", async ({ server, api, browser }) => {
  const { status } = await raw(`${server.url}/api/sign_in`, "POST", { origin: server.url }, `{"name":"${"x".repeat(300_000)}","password":"y"}`);
  expect(status).toBe(413);
  // A context of its own: elsewhere a violation ends the scenario.
  const context = await browser.newContext({ baseURL: server.url });
  await become(context, api);
  const page = await context.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  await page.goto(`/a/${api.account}/seats`);
  await page.evaluate(() => {
    document.body.setAttribute("onclick", "globalThis.injected = 1");
    document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='globalThis.injected = 1'>");
    document.body.click();
  });
  await expect.poll(() => said.some((line) => line.includes("Content Security Policy"))).toBe(true);
  expect(await page.evaluate(() => (globalThis as { injected?: number }).injected)).toBeUndefined();
  await context.close();
});
