// Starts the application without a connection. The server writes BUILD (the build's hash) and FILES (its files) in front of this.
// Nobody's page and no answer of the server is kept here: only the application itself, and a shell that holds nothing.
const SHELL = "/shell";
const CACHE = "seatline-" + BUILD;
const at = (file) => `/pkg/${BUILD}/${file}`;
// How long a page may keep the operator waiting before the shell takes its place.
const PATIENCE = 8000;

// Files and shell come together, of one build, or not at all.
self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));

async function keep() {
  try {
    const cache = await caches.open(CACHE);
    const shell = await fetch(SHELL, { cache: "no-store" });
    if (!(await shell.clone().text()).includes(BUILD)) throw new Error("the server has another build by now");
    await cache.addAll(FILES.map(at));
    await cache.put(SHELL, shell);
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

// A tab of the build before goes on: its parts stay until the next build. Every tab is told which build is the newest.
self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const builds = (await caches.keys()).filter((name) => /^seatline-[0-9a-f]/.test(name) && name !== CACHE);
    await Promise.all(builds.slice(0, -1).map((name) => caches.delete(name)));
    for (const tab of await clients.matchAll({ includeUncontrolled: true })) tab.postMessage(BUILD);
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/pkg/")) event.respondWith(file(request));
});

async function page(request) {
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  try {
    // Somebody signed out here without a connection: until the server knows, no page is shown.
    if (await caches.match("/signed-out", { cacheName: "seatline-marks" })) return shell();
    const answer = await Promise.race([fetch(request), late]);
    if (answer && !(answer.status >= 502 && answer.status <= 504)) return answer;
  } catch {
    // No connection.
  }
  return shell();
}

const shell = async () => (await caches.match(SHELL, { cacheName: CACHE })) ?? Response.error();

const file = async (request) => (await caches.match(request)) ?? fetch(request);
