import { Server } from "../lib/server.ts";
import { alive, expect, test } from "../lib/test.ts";

test("--demo: three phones of three vendors register by themselves, and one that is told to reboot goes away and comes back", async ({ browser }) => {
  const server = await Server.start(["--demo"]);
  try {
    const page = await (await browser.newContext({ baseURL: server.url })).newPage();
    await page.goto("/sign-in");
    await alive(page);
    await page.getByLabel("Name", { exact: true }).fill("demo");
    await page.getByLabel("Password", { exact: true }).fill("seatline-demo");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("3 seats · 3 devices · 3 registered now")).toBeVisible({ timeout: 20_000 });
    await page.getByRole("link", { name: "Meeting room 2" }).click();
    await page.getByRole("link", { name: "Snom D785" }).click();
    await expect(page.getByRole("region", { name: "On the network" })).toContainText("Registered");
    await alive(page);
    await page.getByRole("button", { name: "Reboot Device" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Reboot Device" }).click();
    const last = page.getByRole("region", { name: "Last reboot" });
    await expect(last).toContainText("Phone answered 200");
    await expect(last).toContainText("Restarted and back", { timeout: 40_000 });
  } finally {
    await server.remove();
  }
});
