import { readFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

/** A reverse proxy that ends TLS on a port of its own and asks the server over plain http. */
export async function proxy(files: { key: string; cert: string }, { keepHost = false } = {}) {
  const front = { url: "", seen: [] as string[], from: "203.0.113.99", lead: (to: string) => void (target = new URL(to)), stop };
  let target: URL | undefined;
  const server = createServer({ key: readFileSync(files.key), cert: readFileSync(files.cert) }, (asked, answer) => {
    if (!target) return answer.writeHead(502).end();
    front.seen.push(`${asked.method} ${asked.url}`);
    const host = keepHost ? asked.headers.host : target.host;
    const headers = { ...asked.headers, host, "x-forwarded-proto": "https", "x-forwarded-for": front.from };
    const onward = request({ host: target.hostname, port: target.port, method: asked.method, path: asked.url, headers }, (heard) => {
      answer.writeHead(heard.statusCode!, heard.headers);
      heard.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    asked.pipe(onward);
  });
  function stop() {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  }
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  front.url = `https://localhost:${(server.address() as AddressInfo).port}`;
  return front;
}
