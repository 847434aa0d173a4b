// Saves through HTTP, one after the other: node save.mjs SEATLINE_BINARY [SAVES]. Prints one JSON line of milliseconds.
import { randomUUID } from "node:crypto";
import { at, seatline } from "./lib.mjs";

const [binary, count = "500"] = process.argv.slice(2);
const it = await seatline(binary);
try {
  const { account, made } = it;
  let record = (await it.call("device", { account, device: made.device })).record;
  const times = [];
  for (let i = 0; i < Number(count) + 50; i++) {
    const based_on = record.stamps.expire_seconds ?? { version: 0, by: "", by_id: null, at: 0 };
    const patch = { operation: randomUUID(), items: [{ field: "expire_seconds", based_on, value: { text: String(100 + (i % 2)) } }] };
    const start = performance.now();
    ({ record } = await it.call("save_device", { account, device: made.device, patch, then_reboot: false }));
    if (i >= 50) times.push(performance.now() - start);
  }
  console.log(JSON.stringify({ p50: at(times, 0.5), p95: at(times, 0.95), worst: at(times, 1) }));
} finally {
  await it.stop();
}
