// run.mjs SUITE GATEWAY_PORT RESULTS: the scenarios, one after the other, through a proxy that adds
// CONFORMANCE_TOKEN; prints a line a scenario and compares the failing checks with the expected ones.
import {spawn} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const [suite, gatewayPort, results] = process.argv.slice(2);
const patience = 60_000;  // ms a scenario

const both = [
  'tools-list', 'tools-call-simple-text', 'tools-call-image', 'tools-call-audio',
  'tools-call-embedded-resource', 'tools-call-mixed-content', 'tools-call-error',
  'server-sse-multiple-streams', 'dns-rebinding-protection', 'json-schema-2020-12',
];
const scenarios = {
  '2025-11-25': ['server-initialize', 'ping', ...both],
  '2026-07-28': [
    'server-stateless', ...both, 'http-header-validation', 'http-custom-header-server-validation',
    'input-required-result-unsupported-methods',
  ],
};

// Everything is handed on as it came, Host and Origin too: the suite tries what becomes of these.
function startProxy() {
  const proxy = http.createServer((request, response) => {
    const headers = [];
    for (let i = 0; i < request.rawHeaders.length; i += 2) {
      if (request.rawHeaders[i].toLowerCase() === 'authorization') continue;
      headers.push(request.rawHeaders[i], request.rawHeaders[i + 1]);
    }
    headers.push('Authorization', `Bearer ${process.env.CONFORMANCE_TOKEN}`);
    const onward = http.request(
        {host: '127.0.0.1', port: gatewayPort, method: request.method, path: request.url, headers,
         setHost: false},
        (answer) => {
          response.writeHead(answer.statusCode, answer.statusMessage, answer.rawHeaders);
          answer.pipe(response);
        });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  return new Promise((resolve) => proxy.listen(0, '127.0.0.1', () => resolve(proxy)));
}

function runScenario(url, revision, scenario, output) {
  const child = spawn(process.execPath, [
    suite, 'server', '--url', url, '--scenario', scenario, '--spec-version', revision,
    '--output-dir', output,
  ], {stdio: 'ignore', timeout: patience, env: {PATH: process.env.PATH, HOME: results}});
  return new Promise((resolve) => child.on('close', resolve));
}

// Checks of one scenario; none when it left no results.
function checksIn(output) {
  const files = readdirSync(output, {recursive: true}).filter((f) => path.basename(f) === 'checks.json');
  return files.flatMap((file) => JSON.parse(readFileSync(path.join(output, file), 'utf8')));
}

function expectedFailures() {
  const file = path.join(import.meta.dirname, 'expected-failures.txt');
  const lines = readFileSync(file, 'utf8').split('\n').map((line) => line.replace(/#.*/, '').trim());
  return new Set(lines.filter(Boolean));
}

const proxy = await startProxy();
const url = `http://127.0.0.1:${proxy.address().port}/mcp`;
const failed = new Set();
let passed = 0;
rmSync(results, {recursive: true, force: true});
for (const [revision, names] of Object.entries(scenarios)) {
  for (const name of names) {
    const output = path.join(results, revision, name);
    mkdirSync(output, {recursive: true});
    await runScenario(url, revision, name, output);
    const judged = checksIn(output).filter((check) => ['SUCCESS', 'FAILURE', 'WARNING'].includes(check.status));
    const good = judged.filter((check) => check.status !== 'FAILURE').length;
    for (const check of judged) {
      if (check.status === 'FAILURE') failed.add(`${revision} ${name} ${check.id}`);
    }
    if (judged.length === 0) failed.add(`${revision} ${name} nothing-was-checked`);
    passed += good;
    console.log(`${revision} ${name}: ${good} of ${judged.length} checks passed`);
  }
}
proxy.close();
proxy.closeAllConnections();

const expected = expectedFailures();
const unexpected = [...failed].filter((check) => !expected.has(check));
const mended = [...expected].filter((check) => !failed.has(check));
for (const check of unexpected) console.log(`FAILED: ${check}`);
for (const check of mended) console.log(`PASSES NOW, take it off the list of expected failures: ${check}`);
console.log(`${passed} checks passed, ${failed.size} failed, ${expected.size} of them expected to`);
process.exitCode = unexpected.length + mended.length > 0 ? 1 : 0;
