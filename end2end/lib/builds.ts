import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The build that the tests run with. */
function site() {
  const sites = join(import.meta.dirname, "../../target/site");
  return process.env.SEATLINE_SITE ?? join(sites, readFileSync(join(sites, "current"), "utf8").trim());
}

/** The next build: the same pages under another hash. */
export function nextBuild() {
  const dir = mkdtempSync(join(tmpdir(), "seatline-builds-"));
  const path = join(dir, NEXT);
  cpSync(site(), path, { recursive: true });
  return { path, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

export const NEXT = "feedfacefeedface";
