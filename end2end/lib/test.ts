import { type BrowserContext, type ConsoleMessage, expect, type Locator, type Page, test as base, type Worker } from "@playwright/test";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Api, type Made } from "./api.ts";
import { Phone, type Login } from "./phone.ts";
import { Server } from "./server.ts";
import { SippPhone } from "./sipp.ts";

export { expect };
export const ADMIN = { name: "ops-north", password: "a long enough password" };
export const REALM = "4a6863.sip.example.net";

type Worker = { server: Server; admin: Api };
type Test = {
  /** Signed in as the admin. */
  api: Api;
  /** A seat with one device, the test's own. */
  made: Made;
  editor: Editor;
  phone: (login: Login, options?: Parameters<typeof Phone.start>[2]) => Promise<Phone>;
  /** A phone that is not ours: SIPp plays it. */
  sipp: (login: Login, options?: Parameters<typeof SippPhone.start>[2]) => Promise<SippPhone>;
  /** What the page complained of: errors, and violations of its policy. */
  complaints: string[];
};

let next = 1000;

/** What violates a policy from now on, in any page of the context and in its service workers: the browser says it on their consoles. */
export function violations(context: BrowserContext) {
  const said: string[] = [];
  const hear = (message: ConsoleMessage) => {
    if (/Content Security Policy/i.test(message.text())) said.push(message.text());
  };
  context.on("console", hear);
  const watch = (worker: Worker) => {
    // What the browser itself writes on a worker's console is not heard here: its scripts have to say it.
    const tell = () => addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => console.error(`Content Security Policy: ${effectiveDirective}, ${blockedURI}`));
    // One that is gone already has nothing more to say.
    worker.evaluate(tell).catch(() => {});
  };
  context.serviceWorkers().forEach(watch);
  context.on("serviceworker", watch);
  return said;
}

export const test = base.extend<Test, Worker>({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.remove();
    },
    { scope: "worker" },
  ],
  admin: [
    async ({ server }, use) => {
      const api = new Api(server.url);
      await api.setUp(server.code, ADMIN.name, ADMIN.password, REALM);
      await use(api);
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  api: async ({ admin }, use) => use(admin),
  made: async ({ api }, use, info) => {
    const n = ++next;
    await use(await api.newSeat(`Seat ${info.parallelIndex}-${n}`, String(n)));
  },
  context: async ({ context, server, admin }, use) => {
    const [name, value] = admin.cookie.split(/=(.*)/s);
    await context.addCookies([{ name, value, url: server.url, httpOnly: true, sameSite: "Lax" }]);
    const violated = violations(context);
    await use(context);
    expect(violated, "no page and no worker violates its policy").toEqual([]);
  },
  complaints: async ({ context }, use) => {
    const said: string[] = [];
    context.on("weberror", (error) => said.push(String(error.error())));
    context.on("console", (message) => {
      // What the network has to say of being cut off is no complaint of the page's.
      if (message.type() === "error" && !/Failed to load resource|net::ERR_(INTERNET_DISCONNECTED|CONNECTION_|INCOMPLETE_|EMPTY_)/.test(message.text())) said.push(message.text());
    });
    await use(said);
    expect(said, "no page complains of anything").toEqual([]);
  },
  editor: async ({ page, api, made, complaints }, use) => {
    void complaints;
    await use(new Editor(page, api, made));
  },
  phone: async ({ server }, use) => {
    const phones: Phone[] = [];
    await use(async (login, options) => {
      const phone = await Phone.start(login, server.sipPort, options);
      phones.push(phone);
      return phone;
    });
    for (const phone of phones) phone.close();
  },
  sipp: async ({ server }, use) => {
    const phones: SippPhone[] = [];
    await use(async (login, options) => {
      const phone = await SippPhone.start(login, server.sipPort, options);
      phones.push(phone);
      return phone;
    });
    for (const phone of phones) await phone.close();
  },
});

/** The device editor as an operator sees it. */
export class Editor {
  constructor(
    readonly page: Page,
    readonly api: Api,
    readonly made: Made,
  ) {}

  get path() {
    return `/a/${this.api.account}/seats/${this.made.seat}/devices/${this.made.device}`;
  }

  async open() {
    await this.page.goto(this.path);
    await alive(this.page);
  }

  field(name: string): Locator {
    return this.page.locator(`[data-field="${name}"]`);
  }

  mark(name: string) {
    return this.field(name).getByRole("img", { name: "Modified" });
  }

  get save() {
    return this.page.getByRole("button", { name: /^SAVE/ });
  }

  async state(name: string, state: string) {
    await expect(this.field(name)).toHaveAttribute("data-state", state);
  }
}

/** Waits until the page's script has taken over. */
export async function alive(page: Page) {
  await expect(page.locator("html[data-alive]")).toBeAttached({ timeout: 20_000 });
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds on the page, contrast included. */
export async function accessibility(page: Page) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const result = await (globalThis as any).axe.run(document, { resultTypes: ["violations"] });
    return result.violations.map((v: any) => `${v.id}: ${v.nodes.map((n: any) => n.html).slice(0, 3).join(" | ")}`);
  });
  expect(found).toEqual([]);
}
