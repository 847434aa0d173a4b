// A phone over UDP that registers and leaves, and says when it heard what.
import { createHash, randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";

const md5 = (text) => createHash("md5").update(text).digest("hex");
const id = () => randomBytes(8).toString("hex");

export async function phone({ username, realm, password }, port) {
  const socket = createSocket("udp4"), callId = id(), tag = id();
  await new Promise((done) => socket.bind(0, "127.0.0.1", done));
  const { address, port: own } = socket.address(), aor = `sip:${username}@${realm}`, uri = `sip:${realm}`;
  let cseq = 0, heard;
  socket.on("message", (data) => data.toString().startsWith("SIP/2.0") && heard?.(data.toString()));
  const send = (expires, proof) => {
    const lines = [
      `REGISTER ${uri} SIP/2.0`, `Via: SIP/2.0/UDP ${address}:${own};branch=z9hG4bK${id()};rport`, `From: <${aor}>;tag=${tag}`, `To: <${aor}>`,
      `Call-ID: ${callId}`, `CSeq: ${++cseq} REGISTER`, `Contact: <sip:${username}@${address}:${own}>`, "Max-Forwards: 70", `Expires: ${expires}`,
      "User-Agent: Yealink SIP-T54W 96.86.0.70", ...(proof ? [proof] : []), "Content-Length: 0",
    ];
    const answer = new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error("the registrar does not answer")), 2000);
      heard = (text) => (clearTimeout(late), done(text));
    });
    socket.send(`${lines.join("\r\n")}\r\n\r\n`, port, "127.0.0.1");
    return answer;
  };
  return {
    /** Times (ms since 1970) of the first REGISTER, of the one that proves itself, and of the 200. */
    register: async (expires) => {
      const asked = Date.now(), challenge = await send(expires);
      const nonce = /nonce="([^"]*)"/.exec(challenge)?.[1], cnonce = id(), nc = "00000001";
      const response = md5(`${md5(`${username}:${realm}:${password}`)}:${nonce}:${nc}:${cnonce}:auth:${md5(`REGISTER:${uri}`)}`);
      const proved = Date.now();
      const answer = await send(expires, `Authorization: Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, qop=auth, nc=${nc}, cnonce="${cnonce}"`);
      const answered = Date.now();
      if (!answer.startsWith("SIP/2.0 200")) throw new Error(`REGISTER: ${answer.split("\r\n")[0]}`);
      return { asked, proved, answered };
    },
    close: () => socket.close(),
  };
}
