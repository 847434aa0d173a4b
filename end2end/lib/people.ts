import type { BrowserContext } from "@playwright/test";
import { Api } from "./api.ts";
import type { Server } from "./server.ts";

export const PASSWORD = "another long password";
let last = 0;
let addresses = 0;

/** A name that nobody else has in this run of the worker. */
export const fresh = (what: string) => `${what}-${process.pid}-${++last}`;

/** An address (RFC 6598) that no other device of this worker's server has. */
export const address = () => `100.64.${Math.floor(++addresses / 250)}.${1 + (addresses % 250)}`;

/** Somebody with a role, made on the command line beside the running server, and signed in. */
export async function somebody(server: Server, role: "viewer" | "operator" | "admin", account = "Test account", name = fresh(role)) {
  await server.command(["operator", "add", name, "--account", account, "--role", role], `${PASSWORD}\n`);
  const api = new Api(server.url);
  await api.signIn(name, PASSWORD);
  return { name, api };
}

/** Another account with an admin of its own, made on the command line beside the running server. */
export async function elsewhere(server: Server, realm = `${fresh("r")}.sip.example.net`) {
  const account = fresh("Account");
  await server.command(["account", "add", account, realm]);
  const { name, api } = await somebody(server, "admin", account);
  return { account, realm, name, api };
}

/** The browser is somebody else from now on. */
export async function become(context: BrowserContext, api: Api) {
  const [name, value] = api.cookie.split(/=(.*)/s);
  await context.clearCookies();
  await context.addCookies([{ name, value, url: api.url, httpOnly: true, sameSite: "Lax" }]);
}
