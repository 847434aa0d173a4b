import { createHash, randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";

export type Login = { username: string; realm: string; password: string };
type Options = {
  userAgent?: string;
  bind?: string;
  expires?: number;
  onNotify?: (event: string) => number | undefined;
  /** Asks for the device's password before it does what a NOTIFY says; a text: for another password than the device's. */
  challenge?: boolean | string;
  /** Whether it answers OPTIONS; it does when left out. */
  options?: boolean;
};

const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const header = (message: string, name: string) => new RegExp(`^${name}\\s*:\\s*(.*)$`, "im").exec(message)?.[1].trim() ?? "";
const id = () => randomBytes(8).toString("hex");

/** A small phone over UDP that a scenario steers: it registers, answers OPTIONS and NOTIFY, leaves and comes back. */
export class Phone {
  #socket!: Socket;
  #callId = id();
  #cseq = 0;
  #waiting?: (response: string) => void;
  #silent = false;
  /** What each NOTIFY was answered, by its branch. */
  #codes = new Map<string, number | undefined>();
  #nonce = id();
  #proof = "";
  notified: string[] = [];
  /** How often a NOTIFY proved that its sender knows the password. */
  proved = 0;
  #onNotify: NonNullable<Options["onNotify"]>;

  private constructor(
    readonly login: Login,
    readonly port: number,
    private readonly options: Options,
  ) {
    this.#onNotify = options.onNotify ?? (() => 200);
  }

  static async start(login: Login, port: number, options: Options = {}) {
    const phone = new Phone(login, port, options);
    phone.#socket = createSocket("udp4");
    phone.#socket.on("message", (data) => phone.#hear(data.toString()));
    await new Promise<void>((done) => phone.#socket.bind(0, options.bind ?? "127.0.0.1", done));
    return phone;
  }

  get address() {
    const { address, port } = this.#socket.address();
    return `${address}:${port}`;
  }

  /** Registers (0: leaves) and answers the final status. */
  async register(expires = this.options.expires ?? 360): Promise<number> {
    return Number((await this.answer(expires)).split(" ")[1]);
  }

  /** Registers, and gives the final answer as it came. */
  async answer(expires = this.options.expires ?? 360): Promise<string> {
    let response = await this.#send(this.#request(expires));
    if (!response.startsWith("SIP/2.0 401")) return response;
    this.#proof = this.#authorize(header(response, "WWW-Authenticate"));
    return this.#send(this.#request(expires, this.#proof));
  }

  /** Sends the proof of the last time once more. */
  again(): Promise<string> {
    return this.#send(this.#request(this.options.expires ?? 360, this.#proof));
  }

  leave() {
    return this.register(0);
  }

  /** Calls a number of its realm and answers where the call is sent: status, Contacts, the Reason. */
  async call(number: string) {
    const uri = `sip:${number}@${this.login.realm}`;
    const callId = id();
    const request = (cseq: number, authorization: string[]) => this.#message("INVITE", uri, uri, callId, cseq, authorization);
    const acknowledge = (sent: string, response: string) => {
      const branch = /branch=[^;\r\n]*/.exec(sent)![0];
      const ack = this.#message("ACK", uri, header(response, "To"), callId, Number(header(sent, "CSeq").split(" ")[0]), []);
      this.#socket.send(ack.replace(/branch=[^;\r\n]*/, branch).replace(/^From:.*$/m, `From: ${header(sent, "From")}`), this.port, "127.0.0.1");
    };
    let sent = request(1, []);
    let response = await this.#send(sent);
    acknowledge(sent, response);
    if (response.startsWith("SIP/2.0 401")) {
      sent = request(2, [this.#authorize(header(response, "WWW-Authenticate"), "INVITE", uri)]);
      response = await this.#send(sent);
      acknowledge(sent, response);
    }
    const contacts = [...response.matchAll(/^Contact\s*:\s*<([^>]*)>/gim)].map((match) => match[1]);
    return { status: Number(response.split(" ")[1]), contacts, reason: header(response, "Reason") };
  }

  /** As after a restart: another Call-ID. */
  restart() {
    this.#callId = id();
    this.#cseq = 0;
    this.#silent = false;
    return this.register();
  }

  /** Answers nothing any more. */
  hush() {
    this.#silent = true;
  }

  close() {
    this.#socket.close();
  }

  #request(expires: number, authorization = "") {
    const { username, realm } = this.login;
    const more = [`Expires: ${expires}`, `User-Agent: ${this.options.userAgent ?? "Yealink SIP-T54W 96.86.0.70"}`, ...(authorization ? [authorization] : [])];
    return this.#message("REGISTER", `sip:${realm}`, `sip:${username}@${realm}`, this.#callId, ++this.#cseq, more);
  }

  /** `to`: an address, or a whole To header. */
  #message(method: string, uri: string, to: string, callId: string, cseq: number, more: string[]) {
    const { username, realm } = this.login;
    const lines = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.address};branch=z9hG4bK${id()};rport`,
      `From: <sip:${username}@${realm}>;tag=${id()}`,
      `To: ${to.includes("<") ? to : `<${to}>`}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:${username}@${this.address}>`,
      "Max-Forwards: 70",
      ...more,
      "Content-Length: 0",
    ];
    return `${lines.join("\r\n")}\r\n\r\n`;
  }

  #authorize(challenge: string, method = "REGISTER", uri = `sip:${this.login.realm}`) {
    const { username, realm, password } = this.login;
    const nonce = /nonce="([^"]*)"/.exec(challenge)?.[1] ?? "";
    const [cnonce, nc] = [id(), "00000001"];
    const response = md5(`${md5(`${username}:${realm}:${password}`)}:${nonce}:${nc}:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
    return `Authorization: Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, qop=auth, nc=${nc}, cnonce="${cnonce}"`;
  }

  async #send(message: string): Promise<string> {
    const branch = /branch=[^;\r\n]*/.exec(message)![0];
    for (let pause = 500; pause < 5000; pause *= 2) {
      const answer = new Promise<string | undefined>((done) => {
        const late = setTimeout(() => done(undefined), pause);
        this.#waiting = (response) => {
          if (!header(response, "Via").includes(branch)) return;
          clearTimeout(late);
          done(response);
        };
      });
      this.#socket.send(message, this.port, "127.0.0.1");
      const response = await answer;
      if (response) return response;
    }
    throw new Error("the registrar does not answer");
  }

  #hear(message: string) {
    if (message.startsWith("SIP/2.0")) return this.#waiting?.(message);
    if (this.#silent || !message.trim()) return;
    const method = message.split(" ")[0];
    if (method === "OPTIONS" && this.options.options === false) return;
    let code: number | undefined = 200;
    if (method === "NOTIFY") {
      if (this.options.challenge && !this.#isProof(message)) return this.#answer(message, 401, `WWW-Authenticate: Digest realm="phone", nonce="${this.#nonce}", algorithm=MD5, qop="auth"`);
      // One that is repeated is the same request.
      const branch = /branch=[^;,\s]*/.exec(header(message, "Via"))![0];
      if (!this.#codes.has(branch)) {
        const event = header(message, "Event");
        this.notified.push(event);
        this.#codes.set(branch, this.#onNotify(event));
      }
      code = this.#codes.get(branch);
    }
    if (code === undefined) return;
    this.#answer(message, code);
  }

  /** Whether the message carries a digest of this phone's nonce by the device's password. */
  #isProof(message: string) {
    const sent = header(message, "Authorization");
    const part = (name: string) => new RegExp(`\\b${name}="?([^",]*)`).exec(sent)?.[1] ?? "";
    if (part("nonce") !== this.#nonce || part("realm") !== "phone") return false;
    const password = typeof this.options.challenge === "string" ? this.options.challenge : this.login.password;
    const ha1 = md5(`${part("username")}:phone:${password}`);
    const right = md5(`${ha1}:${this.#nonce}:${part("nc")}:${part("cnonce")}:auth:${md5(`NOTIFY:${part("uri")}`)}`);
    if (part("username") !== this.login.username || part("response") !== right) return false;
    this.proved++;
    return true;
  }

  #answer(message: string, code: number, more?: string) {
    const to = header(message, "To");
    const answer = [
      `SIP/2.0 ${code} ${code === 200 ? "OK" : code === 401 ? "Unauthorized" : "No"}`,
      `Via: ${header(message, "Via")}`,
      `From: ${header(message, "From")}`,
      `To: ${to}${to.includes(";tag=") ? "" : `;tag=${id()}`}`,
      `Call-ID: ${header(message, "Call-ID")}`,
      `CSeq: ${header(message, "CSeq")}`,
      ...(more ? [more] : []),
      "Content-Length: 0",
    ];
    this.#socket.send(`${answer.join("\r\n")}\r\n\r\n`, this.port, "127.0.0.1");
  }
}
