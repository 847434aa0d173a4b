import type { Page } from "@playwright/test";

/** Presses the browser's own Back (−1) or Forward (1) button: a step that no script made. Waits for nothing: the page may hold it up. */
export async function press(page: Page, by: -1 | 1) {
  const browser = await page.context().newCDPSession(page);
  const { currentIndex, entries } = await browser.send("Page.getNavigationHistory");
  await browser.send("Page.navigateToHistoryEntry", { entryId: entries[currentIndex + by].id });
  await browser.detach();
}

/** How far the browser's own Back button could go. */
export async function depth(page: Page) {
  const browser = await page.context().newCDPSession(page);
  const { currentIndex, entries } = await browser.send("Page.getNavigationHistory");
  await browser.detach();
  return { at: currentIndex, of: entries.length, url: entries[currentIndex].url };
}
