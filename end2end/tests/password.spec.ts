import { alive, expect, test } from "../lib/test.ts";

test.beforeEach(async ({ context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
});

test("masked, and shown in clear on focus only; the stored one reaches the browser only then", async ({ editor, page, api }) => {
  const secret = await api.password(editor.made.device);
  const html = await (await page.request.get(editor.path)).text();
  expect(html).not.toContain(secret);
  await editor.open();
  const input = page.getByLabel("Password", { exact: true });
  await expect(input).toHaveAttribute("type", "password");
  await expect(input).toHaveValue("");
  await input.focus();
  await expect(input).toHaveAttribute("type", "text");
  await expect(input).toHaveValue(secret);
  await editor.state("password", "clean");
  await page.getByLabel("Username", { exact: true }).focus();
  await expect(input).toHaveValue("");
  await expect(input).toHaveAttribute("type", "password");
});

test("what is typed takes the place of the stored one, which may come later than the first key or before it", async ({ editor, page }) => {
  await editor.open();
  const input = page.getByLabel("Password", { exact: true });
  await input.click();
  await expect(input).not.toHaveValue("");
  await page.keyboard.type("typed-behind-it");
  await expect(input).toHaveValue("typed-behind-it");
  await editor.field("password").getByRole("button", { name: "undo" }).click();
  await page.getByLabel("Username", { exact: true }).focus();
  await expect(input).toHaveValue("");

  let look = () => {};
  const held = new Promise<void>((done) => (look = done));
  await page.route("**/api/look_password", async (route) => {
    await held;
    await route.continue();
  });
  await input.click();
  await page.keyboard.type("typed-before");
  const answered = page.waitForResponse("**/api/look_password");
  look();
  await answered;
  await page.keyboard.type("-and-after");
  await expect(input).toHaveValue("typed-before-and-after");
});

test("Copy copies the stored one, Generate makes a strong one that is a modification", async ({ editor, page, api }) => {
  await editor.open();
  await editor.field("password").getByRole("button", { name: "Copy password" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(await api.password(editor.made.device));
  await editor.field("password").getByRole("button", { name: "Generate password" }).click();
  await editor.state("password", "modified");
  const input = page.getByLabel("Password", { exact: true });
  await expect(input).toHaveValue(/^[A-Za-z0-9]{16}$/);
  const made = await input.inputValue();
  await expect(editor.field("password")).toContainText("Strong.");
  await expect(editor.field("password")).toContainText("was hidden");
  await editor.save.click();
  await editor.state("password", "clean");
  expect(await api.password(editor.made.device)).toBe(made);
});

test("a meter, a warning for what phones mangle, and at least 8 characters", async ({ editor, page }) => {
  await editor.open();
  const input = page.getByLabel("Password", { exact: true });
  await input.fill("short");
  await editor.state("password", "invalid");
  await expect(editor.field("password")).toContainText("Use 8 to 32 characters.");
  await input.fill("aaaaaaaa$");
  await editor.state("password", "modified");
  await expect(editor.field("password")).toContainText("Weak");
  await expect(editor.field("password")).toContainText("Some phones mangle $");
});

test("undo drops the typed one, and shows none", async ({ editor, page, api }) => {
  const secret = await api.password(editor.made.device);
  await editor.open();
  await editor.field("password").getByRole("button", { name: "Generate password" }).click();
  await page.getByLabel("Username", { exact: true }).focus();
  const looks: string[] = [];
  page.on("request", (request) => void (request.url().endsWith("/api/look_password") && looks.push(request.url())));
  await editor.field("password").getByRole("button", { name: "undo" }).click();
  await editor.state("password", "clean");
  await page.waitForTimeout(300);
  expect(looks).toEqual([]);
  await page.getByLabel("Password", { exact: true }).fill("a-typed-secret-9");
  await editor.field("password").getByRole("button", { name: "undo" }).click();
  await editor.state("password", "clean");
  expect(await api.password(editor.made.device)).toBe(secret);
});

test("Set up the phone: server, transport, realm, username, password to copy", async ({ editor, page, api, server }) => {
  await editor.open();
  const login = await api.credentials(editor.made.device);
  const panel = page.getByRole("region", { name: "Set up the phone" });
  for (const words of [String(server.sipPort), "UDP", "TCP", login.realm, login.username]) await expect(panel).toContainText(words);
  await panel.getByRole("button", { name: "copy stored password" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(login.password);
});
