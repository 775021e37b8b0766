// What a report page must be in a real browser: it draws its charts, reports no error, asks for nothing from any network,
// runs nothing that hostile texts brought along, is as complete without scripts, fits a phone, and axe finds nothing
// serious in it, light or dark. Every finder is tried on a page that has what it must find.
//
//   node browser_test.mjs CHROMIUM PAGE FOLDER     FOLDER has the tools in node_modules; screenshots come into it
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import url from "node:url";

const [executablePath, page, folder] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(folder), "tools.js"));
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const problems = [];
const check = (what, holds, seen = "") => {
  if (!holds) problems.push(`not so: ${what}: ${JSON.stringify(seen)}`);
};

// Somebody whom a page could ask. Without it a page's requests would fail, and be hard to tell from none.
const asked = [];
const server = http.createServer((request, response) => {
  asked.push(request.url);
  response.writeHead(200, { "Access-Control-Allow-Origin": "*" }).end();
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const elsewhere = `http://127.0.0.1:${server.address().port}`;

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"],
});

// Opens a page, or markup, and hears what the page itself asks for (the browser's own errands are none of it) and says.
const open = async (source, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const tab = await context.newPage();
  const requests = [];
  const words = [];
  tab.on("request", (request) => requests.push(request.url()));
  tab.on("websocket", (socket) => requests.push(socket.url()));
  tab.on("console", (message) => words.push(message.text()));
  tab.on("pageerror", (error) => words.push(String(error)));
  tab.on("dialog", (dialog) => { words.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  const address = source.startsWith("<") ? null : url.pathToFileURL(path.resolve(source)).href;
  await (address ? tab.goto(address) : tab.setContent(source));
  return { tab, words, fetched: () => requests.filter((request) => request !== address && !request.startsWith("data:")) };
};

const scrollThrough = (tab) => tab.evaluate(async () => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  for (let y = 0; y < document.body.scrollHeight; y += 500) {
    scrollTo(0, y);
    await new Promise((done) => setTimeout(done, 30));
  }
  scrollTo(0, 0);
});

// Tries to ask `elsewhere` from within a page, in the ways that pages have; true when any came through.
const asks = async (tab) => {
  const before = asked.length;
  await tab.evaluate(async (address) => {
    const image = new Image();
    const loaded = new Promise((done) => { image.onload = image.onerror = done; });
    image.src = `${address}/image`;
    await Promise.all([loaded, fetch(`${address}/fetch`).catch(() => {})]);
  }, elsewhere);
  return asked.length > before;
};

const count = (tab, selector) => tab.evaluate((what) => document.querySelectorAll(what).length, selector);

const seriousIn = async (tab) => {
  await tab.evaluate(axe);
  const { violations, passes } = await tab.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  check("axe looked", violations.length + passes.length > 0);
  return violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ")} (${nodes.length})`);
};

// With scripts, and without.
const { tab, words, fetched } = await open(page);
await scrollThrough(tab);
await tab.waitForFunction(() => !document.querySelector(".chart:not(.drawn) canvas"), null, { timeout: 10_000 }).catch(() => {});
const charts = await count(tab, ".chart canvas");
const drawn = await tab.evaluate(() => [...document.querySelectorAll(".drawn canvas")].filter((canvas) =>
  canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte !== 0)).length);
check("there are charts", charts >= 5, charts);
check("all charts are drawn", drawn === charts, drawn);
check("nothing is fetched", fetched().length === 0, fetched());
check("the page is silent", words.length === 0, words);
const acting = await tab.evaluate(() => [...document.querySelectorAll("*")].filter((element) =>
  element.matches("img, iframe, link, object, embed, [src], [srcset], [data]")
  || [...element.attributes].some(({ name }) => name.startsWith("on"))).map((element) => element.outerHTML.slice(0, 80)));
check("nothing hostile acts", acting.length === 0, acting);
check("its policy forbids what it never does", !(await asks(tab)), asked);

const plain = await open(page, { javaScriptEnabled: false });
check("without scripts no chart is drawn", (await count(plain.tab, ".drawn")) === 0);
check("without scripts nothing is fetched", plain.fetched().length === 0, plain.fetched());
for (const tag of ["table", "td", "section", "details", "h1", "svg"]) {
  const [here, there] = [await count(tab, tag), await count(plain.tab, tag)];
  check(`without scripts there are as many <${tag}>`, here === there && here > 0, [here, there]);
}
await plain.tab.screenshot({ path: path.join(folder, "without-scripts.png"), fullPage: true });
await plain.tab.pdf({ path: path.join(folder, "printed.pdf") });

// As people see it. The page's own policy keeps axe out; without it, it is the same page.
for (const colorScheme of ["light", "dark"]) {
  for (const [device, width] of [["desktop", 1280], ["phone", 390]]) {
    const look = await open(page, { colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
    await scrollThrough(look.tab);
    const beyond = await look.tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    check(`${device}: it fits`, beyond <= 0, `${beyond} px too wide`);
    const serious = await seriousIn(look.tab);
    check(`${colorScheme}, ${device}: axe finds nothing serious`, serious.length === 0, serious);
    await look.tab.screenshot({ path: path.join(folder, `${colorScheme}-${device}.png`), fullPage: true });
  }
}

// The finders find.
const bad = await open(`<!doctype html><html lang="en"><title>bad</title><main><h1>Bad</h1><p style="color: #ccc">pale</p>
  <img src="${elsewhere}/control"><img src="${elsewhere}/other" onerror="1" alt=""><script>console.log("a word")</script></main>`);
check("control: what is fetched is seen", bad.fetched().includes(`${elsewhere}/control`), bad.fetched());
check("control: what is said is heard", bad.words.includes("a word"), bad.words);
check("control: without a policy a page may ask", await asks(bad.tab), asked);
const found = await seriousIn(bad.tab);
for (const rule of ["image-alt", "color-contrast"]) {
  check(`control: axe finds ${rule}`, found.some((one) => one.startsWith(`${rule}:`)), found);
}

await browser.close();
server.close();
console.log(problems.join("\n") || `${charts} charts, ${drawn} drawn; nothing amiss; screenshots in ${folder}`);
process.exit(problems.length > 0 ? 1 : 0);
