import { randomUUID } from "node:crypto";

export type Made = { seat: string; device: string };
export type Answer<T> = { status: number; body: T };

/** Calls server functions as the browser does, without a browser: to prepare what a scenario needs, and to be the other operator. */
export class Api {
  cookie = "";
  account = "";

  constructor(readonly url: string) {}

  async call<T>(fn: string, args: object, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const response = await fetch(`${this.url}/api/${fn}`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", origin: this.url, cookie: this.cookie, ...headers },
      body: JSON.stringify(args),
    });
    const cookie = response.headers.get("set-cookie");
    if (cookie) this.cookie = cookie.split(";")[0];
    const text = await response.text();
    let body: unknown = text;
    try {
      body = JSON.parse(text);
    } catch {
      // Not every answer is ours.
    }
    return { status: response.status, body: body as T };
  }

  async must<T>(fn: string, args: object): Promise<T> {
    const { status, body } = await this.call<T>(fn, args);
    if (status !== 200) throw new Error(`${fn}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  async setUp(code: string, name: string, password: string, realm: string) {
    const me = await this.must<{ accounts: { id: string }[] }>("setup", { code, name, password, account: "Test account", realm });
    this.account = me.accounts[0].id;
  }

  async signIn(name: string, password: string) {
    const me = await this.must<{ accounts: { id: string }[] }>("sign_in", { name, password });
    this.account = me.accounts[0].id;
  }

  newSeat(name: string, extension: string, device = "") {
    return this.must<Made>("new_seat", { account: this.account, operation: randomUUID(), name, extension, device });
  }

  device(device: string) {
    return this.must<any>("device", { account: this.account, device });
  }

  /** Saves values of a device on top of what is saved now. */
  async saveDevice(device: string, values: Record<string, unknown>) {
    const view = await this.device(device);
    return this.must<any>("save_device", { account: this.account, device, patch: patch(view.record, values), then_reboot: false });
  }

  /** The stored password; where many scenarios looked before, once the server lets us look again. */
  async password(device: string): Promise<string> {
    const args = { account: this.account, device };
    const { status, body } = await this.call<any>("look_password", args);
    if (status !== 429) return status === 200 ? body : this.must<string>("look_password", args);
    await new Promise((done) => setTimeout(done, body.Problem.slow_down.seconds * 1000));
    return this.password(device);
  }

  /** Username, realm and password as a phone needs them. */
  async credentials(device: string) {
    const view = await this.device(device);
    return { username: view.record.values.username.text as string, realm: view.effective_realm as string, password: await this.password(device) };
  }
}

const UNIT: Record<string, string> = { username: "method", password: "method", ip: "method", route: "invite_format", number: "invite_format" };

export function patch(record: any, values: Record<string, unknown>) {
  const stamp = (field: string) => record.stamps[UNIT[field] ?? field] ?? { version: 0, by: "", by_id: null, at: 0 };
  const items = Object.entries(values).map(([field, value]) => ({ field, based_on: stamp(field), value }));
  return { operation: randomUUID(), items };
}
