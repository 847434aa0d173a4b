import { alive, test, expect } from "../lib/test.ts";

test("zz", async ({ page, api }) => {
  page.on("console", (m) => console.log("CON", m.text().slice(0,1500)));
  page.on("pageerror", (e) => console.log("ERR", (e.stack ?? e.message).slice(0,3000)));

  await page.goto(`/a/${api.account}/seats`); await alive(page);
  await page.getByRole("link", { name: "New seat" }).click();
  await page.waitForTimeout(2500);
  console.log(page.url(), await page.locator("body").innerText());
});
