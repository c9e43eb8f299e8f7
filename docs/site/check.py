#!/usr/bin/env python3
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""check.py <site>: every link within the site leads somewhere, every page of docs/ has become one, and
there is a search index."""
import glob
import html.parser
import os
import sys
import urllib.parse


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.anchors = set()
        self.links = []
        with open(path, encoding="utf-8") as file:
            self.feed(file.read())

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)
            elif value and ((tag in ("a", "link") and name == "href")
                            or (tag in ("img", "script") and name == "src")):
                self.links.append(value)


def main():
    site = sys.argv[1]
    pages = {os.path.normpath(path): Page(path)
             for path in glob.glob(os.path.join(site, "*.html"))}
    broken = set()
    seen = 0
    for path, page in pages.items():
        for link in page.links:
            url = urllib.parse.urlsplit(link)
            if url.scheme or url.netloc or link.startswith("javascript:"):
                continue
            seen += 1
            target = path
            if url.path:
                relative = os.path.join(os.path.dirname(path), urllib.parse.unquote(url.path))
                target = os.path.normpath(relative)
            if not os.path.exists(target):
                broken.add(f"{path}: no file for {link}")
            elif url.fragment and target in pages and url.fragment not in pages[target].anchors:
                broken.add(f"{path}: no anchor for {link}")
    docs = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for page in glob.glob(os.path.join(docs, "*.md")):
        name = os.path.splitext(os.path.basename(page))[0].lower()
        if os.path.normpath(os.path.join(site, f"page_{name}.html")) not in pages:
            broken.add(f"docs/{name}.md is no page: INPUT in docs/site/Doxyfile names the pages")
    for line in sorted(broken):
        print(line, file=sys.stderr)
    if len(pages) < 20 or seen < 500:
        sys.exit(f"only {len(pages)} pages and {seen} links: something is missing")
    if not glob.glob(os.path.join(site, "search", "all_*.js")):
        sys.exit("no search index")
    if broken:
        sys.exit(1)
    print(f"{len(pages)} pages, {seen} links")


main()
