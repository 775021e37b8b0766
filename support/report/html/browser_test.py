#!/usr/bin/python3
"""Opens a report page in a real browser: it draws its charts, reports no error, asks for nothing from any network, runs
nothing that hostile texts brought along, and is as complete without scripts.

    browser_test.py WRITER        WRITER writes a page of a hand-made, hostile run to the file it is given

Exit code 77 (skipped): there is no Chromium."""

import html.parser
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
QUIET = ("--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
         "--disable-component-update --disable-sync --disable-extensions --disable-dev-shm-usage").split()


class Outline(html.parser.HTMLParser):
    """Counts elements, and collects what may act or fetch."""

    def __init__(self, page):
        super().__init__()
        self.count = {}
        self.classes = []
        self.suspicious = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.count[tag] = self.count.get(tag, 0) + 1
        for name, value in attributes:
            if name == "class":
                self.classes += (value or "").split()
            if name.startswith("on") or (name in ("src", "srcset", "data") or tag in ("img", "iframe", "link", "object")):
                self.suspicious.append(f"<{tag} {name}={value}>")


def browse(chromium, page, folder, *options):
    netlog = folder / "net.json"
    done = subprocess.run(
        [chromium, *QUIET, f"--user-data-dir={folder / 'profile'}", f"--log-net-log={netlog}", "--enable-logging=stderr",
         "--window-size=1280,12000", "--virtual-time-budget=8000", *options, "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=120, check=True)
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return Outline(done.stdout), console, requests_in(netlog)


def requests_in(netlog):
    """Addresses that the browser asked for; a log that it did not close lacks its end."""
    text = netlog.read_text()
    try:
        log = json.loads(text)
    except ValueError:
        log = json.loads(text.rstrip().rstrip(",") + "]}")
    urls = {event.get("params", {}).get("url", "") for event in log["events"]}
    return sorted(url for url in urls if url.startswith(("http", "ws", "ftp")))


def main():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        print("skipped: there is no Chromium on this machine")
        return SKIPPED
    problems = []

    def check(what, holds, seen=""):
        if not holds:
            problems.append(f"not so: {what}: {seen}")

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = pathlib.Path(name)
        page = folder / "report.html"
        subprocess.run([sys.argv[1], str(page)], check=True)
        with_scripts, console, requests = browse(chromium, page, folder)
        without, _, more = browse(chromium, page, folder, "--blink-settings=scriptEnabled=false")
        charts = with_scripts.count.get("canvas", 0)
        drawn = with_scripts.classes.count("drawn")
        check("there are charts", charts >= 5, charts)
        check("charts in view are drawn", drawn >= 5, drawn)
        check("without scripts none is drawn", without.classes.count("drawn") == 0)
        check("the console is silent", not console, console)
        check("nothing is fetched", not requests and not more, requests + more)
        check("nothing hostile acts", not with_scripts.suspicious, with_scripts.suspicious)
        for tag in ("table", "td", "section", "details", "h1", "svg"):
            check(f"without scripts there are as many <{tag}>", with_scripts.count.get(tag) == without.count.get(tag, 0) > 0,
                  (with_scripts.count.get(tag), without.count.get(tag)))
    print("\n".join(problems) or f"{charts} charts, {drawn} drawn; nothing amiss")
    return 1 if problems else 0


sys.exit(main())
