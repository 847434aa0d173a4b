import { expect, test } from "@playwright/test";
import { Server } from "../lib/server.ts";
import { Api } from "../lib/api.ts";
import { alive } from "../lib/test.ts";

test("the first start leads to /setup; a wrong code is refused, the right one makes admin, account and realm, once", async ({ page }) => {
  const server = await Server.start(["--sip-advertise", "phones.example.net"]);
  try {
    await page.goto(server.url);
    await expect(page).toHaveURL(/\/setup$/);
    await alive(page);
    await expect(page.getByLabel("First realm")).toHaveValue("phones.example.net");
    await page.getByLabel("Code", { exact: true }).fill("0000-0000-0000");
    await page.getByLabel("Your name").fill("ana");
    await page.getByLabel("Password", { exact: true }).fill("too short");
    await page.getByLabel("Account", { exact: true }).fill("North");
    await page.getByRole("button", { name: "Set up" }).click();
    await expect(page.getByText("Use 12 to 256 characters.")).toBeVisible();
    await page.getByLabel("Password", { exact: true }).fill("twelve characters");
    await page.getByRole("button", { name: "Set up" }).click();
    await expect(page.getByRole("alert")).toContainText("not the code");
    await page.getByLabel("Code", { exact: true }).fill(server.code);
    await page.getByRole("button", { name: "Set up" }).click();
    await expect(page).toHaveURL(/\/a\/[^/]+\/seats$/);
    await expect(page.getByText("North")).toBeVisible();
    await page.goto(`${page.url().replace(/seats$/, "settings")}`);
    await expect(page.getByRole("cell", { name: "phones.example.net", exact: true })).toBeVisible();

    const again = await new Api(server.url).call("setup", { code: server.code, name: "eve", password: "twelve characters", account: "Eve", realm: "eve.example" });
    expect(again.status).toBe(422);
    expect(JSON.stringify(again.body)).toContain("set up already");
    await page.goto(`${server.url}/setup`);
    await expect(page.getByRole("heading", { name: "Set up already" })).toBeVisible();
  } finally {
    await server.remove();
  }
});
