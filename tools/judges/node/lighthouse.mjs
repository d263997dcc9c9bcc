// Lighthouse on many pages with one browser: reads {"chromium", "pages": [{"name", "address", "form", "cookie"}]} on standard input and
// prints one line of JSON a page: its name, the score of each category, and the audits that lowered them.

import { readFileSync } from "node:fs";
import * as chromeLauncher from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const wanted = JSON.parse(readFileSync(0, "utf8"));
const browser = await chromeLauncher.launch({
  chromePath: wanted.chromium,
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"],
});

function lowered(result, category) {
  return category.auditRefs
    .filter((reference) => reference.weight > 0)
    .map((reference) => result.audits[reference.id])
    .filter((audit) => audit.score !== null && audit.score < 0.9)
    .map((audit) => `${audit.id}${audit.displayValue ? ` (${audit.displayValue})` : ""}`);
}

try {
  for (const page of wanted.pages) {
    const flags = {
      port: browser.port,
      logLevel: "error",
      output: "json",
      disableFullPageScreenshot: true,
      extraHeaders: page.cookie ? { Cookie: page.cookie } : null,
      ignoreStatusCode: true,
    };
    const { lhr } = await lighthouse(page.address, flags, page.form === "desk" ? desktopConfig : undefined);
    const categories = Object.values(lhr.categories).map((category) => ({
      name: category.id,
      score: category.score === null ? null : Math.round(category.score * 100),
      lowered: lowered(lhr, category),
    }));
    console.log(JSON.stringify({ name: page.name, failed: lhr.runtimeError?.message ?? null, categories }));
  }
} finally {
  await browser.kill();
}
