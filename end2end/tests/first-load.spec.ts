import { alive, expect, test } from "../lib/test.ts";

/** Bytes as they are sent, with their headers: the page and every file that it asks for by itself. */
const BOUND = 250_000;

test("the editor's first load is small: what keeps drafts is not asked for again when the service worker has brought it", async ({ editor, page, context, complaints }) => {
  void complaints;
  const cdp = await context.newCDPSession(page);
  await cdp.send("Network.enable");
  const files = new Map<string, { path: string; packed: boolean; sent: number }>();
  cdp.on("Network.responseReceived", ({ requestId, response }) => {
    const path = new URL(response.url).pathname;
    if (!/^\/(api|live)\//.test(path)) files.set(requestId, { path, packed: response.headers["content-encoding"] === "br", sent: 0 });
  });
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const file = files.get(requestId);
    if (file) file.sent = encodedDataLength;
  });
  await page.goto(editor.path);
  await alive(page);
  const offline = () => [...files.values()].find((file) => file.path.endsWith("/split_offline.wasm"));
  await expect.poll(offline, "what keeps drafts comes by itself").toBeTruthy();
  const list = [...files.values()].map((file) => `${file.sent} ${file.path}`).join("\n");
  expect(offline()?.sent, list).toBe(0);
  test.skip(![...files.values()].some((file) => file.path.endsWith("_bg.wasm") && file.packed), "the wasm is not packed");
  expect([...files.values()].reduce((sum, file) => sum + file.sent, 0), list).toBeLessThanOrEqual(BOUND);
});
