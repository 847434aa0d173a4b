import { expect, test } from "@playwright/test";
import { Api } from "../lib/api.ts";
import { Server } from "../lib/server.ts";
import { ADMIN, REALM } from "../lib/test.ts";

const TIMES = process.env.SEATLINE_TEST_ALL ? 50 : 5;

test(`killed ${TIMES} times during saves, the server has lost no acknowledged save and holds none half done`, async () => {
  test.setTimeout(30_000 + TIMES * 10_000);
  const server = await Server.start();
  try {
    const api = new Api(server.url);
    await api.setUp(server.code, ADMIN.name, ADMIN.password, REALM);
    const made = await Promise.all([1, 2, 3].map((n) => api.newSeat(`Seat ${n}`, String(n))));
    // Two fields of a save say the same number: where they differ, a save is half done.
    const saved = made.map(() => 0);
    let acknowledged = 0;
    for (let round = 0; round < TIMES; round++) {
      let dead = false;
      const savers = made.map(async ({ device }, i) => {
        for (let n = saved[i] + 1; !dead; n++) {
          try {
            await api.saveDevice(device, { name: { text: `Save ${n}` }, number: { text: String(n) }, expire_seconds: { text: String(60 + (n % 80_000)) } });
          } catch {
            return;
          }
          saved[i] = n;
          acknowledged++;
        }
      });
      const enough = acknowledged + 5 + (round % 7);
      await expect.poll(() => acknowledged >= enough, { intervals: [1] }).toBe(true);
      await server.stop("SIGKILL");
      dead = true;
      await Promise.all(savers);
      await server.boot();
      for (const [i, { device }] of made.entries()) {
        const { name, number, expire_seconds } = (await api.device(device)).record.values;
        const n = Number(number.text || 0);
        expect(n, "the last acknowledged save is there").toBeGreaterThanOrEqual(saved[i]);
        expect(n, "and at most the one that was on its way").toBeLessThanOrEqual(saved[i] + 1);
        if (n > 0) expect([name.text, expire_seconds.text], "whole").toEqual([`Save ${n}`, String(60 + (n % 80_000))]);
        saved[i] = n;
        const { rows } = await api.must<any>("activity", { account: api.account, ask: { device, seat: null, operator: null, before: null } });
        const event = rows.find((row: any) => row.event.kind === "device_changed");
        if (n > 0) expect(JSON.stringify(event), "with its event").toContain(`Save ${n}`);
      }
    }
  } finally {
    await server.remove();
  }
});
