// Looks at a report page as people do: axe's findings in light and dark, and screenshots of a desktop and a phone, with and
// without scripts. A check for development, with two packages of npm that the project does not need otherwise:
//
//   npm install --prefix /tmp/look axe-core playwright-core
//   NODE_PATH=/tmp/look/node_modules node support/report/html/testing/look.mjs PAGE FOLDER
//
// Ends with 1 when axe finds something serious or critical.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import url from "node:url";

const require = createRequire(import.meta.url);
const find = (name) => require(require.resolve(name, { paths: (process.env.NODE_PATH ?? "").split(":") }));
const { chromium } = find("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js", { paths: (process.env.NODE_PATH ?? "").split(":") }), "utf8");

const [page, folder] = process.argv.slice(2);
fs.mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"],
});

let serious = 0;
for (const colorScheme of ["light", "dark"]) {
  for (const [device, width] of [["desktop", 1280], ["phone", 390]]) {
    // The page's own policy keeps axe out; a second look without it is the same page.
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
    const tab = await context.newPage();
    tab.on("console", (message) => console.log(`console: ${message.text()}`));
    tab.on("pageerror", (error) => console.log(`error: ${error}`));
    await tab.goto(url.pathToFileURL(path.resolve(page)).href);
    await tab.evaluate(() => document.querySelectorAll("details").forEach((fold) => { fold.open = true; }));
    await tab.evaluate(async () => {
      for (let y = 0; y < document.body.scrollHeight; y += 600) { scrollTo(0, y); await new Promise((done) => setTimeout(done, 30)); }
      scrollTo(0, 0);
    });
    const overflow = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (overflow > 0) console.log(`${device}: ${overflow} px wider than the screen`);
    await tab.evaluate(axe);
    const { violations } = await tab.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    for (const violation of violations) {
      if (["serious", "critical"].includes(violation.impact)) ++serious;
      console.log(`${colorScheme} ${device}: ${violation.impact}: ${violation.id}: ${violation.help}: `
                  + violation.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ") + ` (${violation.nodes.length})`);
    }
    await tab.screenshot({ path: path.join(folder, `${colorScheme}-${device}.png`), fullPage: true });
    await context.close();
  }
}
const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
const tab = await context.newPage();
await tab.goto(url.pathToFileURL(path.resolve(page)).href);
await tab.screenshot({ path: path.join(folder, "without-scripts.png"), fullPage: true });
await tab.pdf({ path: path.join(folder, "printed.pdf") }).catch((error) => console.log(String(error)));
await browser.close();
console.log(`${serious} serious or critical finding(s) of axe`);
process.exit(serious > 0 ? 1 : 0);
