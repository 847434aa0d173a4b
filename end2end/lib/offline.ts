import type { Page } from "@playwright/test";
import type { Api } from "./api.ts";
import { alive, expect } from "./test.ts";

export const seconds = (page: Page) => page.getByLabel("Expire Seconds", { exact: true });
export const bar = (page: Page) => page.getByRole("region", { name: "Unsaved changes" });
export const saved = async (api: Api, device: string, field: string) => (await api.device(device)).record.values[field].text;

/** Waits until the service worker keeps the application: from now on it starts without a connection. */
export async function kept(page: Page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await expect.poll(() => page.evaluate(async () => (await caches.keys()).filter((name) => /^seatline-[0-9a-f]/.test(name)).length)).toBe(1);
  // What the page asked for is kept once that file has come.
  const about = /\/seats\/.*([0-9a-f-]{36})$/.exec(new URL(page.url()).pathname)?.[1] ?? "/me";
  await expect.poll(() => answers(page)).toContain(about);
}

/** The questions whose answers are kept, line after line. */
const answers = (page: Page) =>
  page.evaluate(async () => {
    // Opening what the page has not made yet would make it empty.
    if (!(await indexedDB.databases()).some((db) => db.name === "seatline")) return "";
    const open = indexedDB.open("seatline");
    const db: IDBDatabase = await new Promise((done, bad) => ((open.onsuccess = () => done(open.result)), (open.onerror = bad)));
    try {
      const keys = db.transaction("answers").objectStore("answers").getAllKeys();
      return await new Promise<string>((done) => (keys.onsuccess = () => done(keys.result.join("\n"))));
    } catch {
      return "";
    } finally {
      db.close();
    }
  });

/** Everything that the browser stores for this server, text after text. */
export const stored = (page: Page) =>
  page.evaluate(async () => {
    const out = [...Object.values(localStorage), ...Object.values(sessionStorage)];
    // Opening what the page has not made yet would make it empty.
    if ((await indexedDB.databases()).some((db) => db.name === "seatline")) {
      const open = indexedDB.open("seatline");
      const db: IDBDatabase = await new Promise((done, bad) => ((open.onsuccess = () => done(open.result)), (open.onerror = bad)));
      for (const name of db.objectStoreNames) {
        const all = db.transaction(name).objectStore(name).getAll();
        const values: unknown[] = await new Promise((done) => (all.onsuccess = () => done(all.result)));
        for (const value of values.flat()) out.push("CryptoKey" in window && value instanceof CryptoKey ? "a key" : value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value) : String(value));
      }
      db.close();
    }
    // Over plain http from elsewhere there are none.
    for (const name of "caches" in window ? await caches.keys() : []) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) out.push(request.url, /shell$/.test(request.url) ? await (await cache.match(request))!.text() : "");
    }
    return out.join("\n");
  });

/** Watches how long a tab stands still; answers the longest so far, in ms. */
export async function stalls(tabs: Page[]) {
  const watch = () => {
    let last = performance.now();
    Object.assign(window, { stalled: 0 });
    setInterval(() => {
      const now = performance.now();
      Object.assign(window, { stalled: Math.max((window as any).stalled, now - last) });
      last = now;
    }, 100);
  };
  for (const tab of tabs) await tab.evaluate(watch);
  return async () => Math.max(...(await Promise.all(tabs.map((tab) => tab.evaluate(() => (window as any).stalled as number)))));
}

/** What the database has of drafts, text after text; nothing of the notes. */
export const copies = (page: Page) =>
  page.evaluate(async () => {
    if (!(await indexedDB.databases()).some((db) => db.name === "seatline")) return "";
    const open = indexedDB.open("seatline");
    const db: IDBDatabase = await new Promise((done, bad) => ((open.onsuccess = () => done(open.result)), (open.onerror = bad)));
    const store = db.transaction("copies").objectStore("copies");
    const [keys, all] = [store.getAllKeys(), store.getAll()];
    const rows: unknown[] = await new Promise((done) => (all.onsuccess = () => done(all.result)));
    db.close();
    const drafts = rows.filter((_, n) => !String(keys.result[n]).startsWith("note/"));
    return drafts.flat().filter((value) => typeof value === "string").join("\n");
  });

export async function goto(page: Page, path: string) {
  await page.goto(path);
  await alive(page);
}
