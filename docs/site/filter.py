#!/usr/bin/env python3
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""What Doxygen reads in place of a file: filter.py <file>, result on stdout.

The pages of docs/ are written for a forge, which names headings and finds files in its own way, and
the headers for people who read them. Here pages and headings get the names that Doxygen needs and
links to them are written its way; links to files that are no page lose the link and keep the text;
comments of headers become documentation.
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)#\s]*)(?:#([^)\s]*))?\)")


def page_name(path):
    """The name of the page that a Markdown file becomes."""
    return "page_" + os.path.splitext(os.path.basename(path))[0].lower()


def slug(heading):
    """The anchor that a forge gives a heading."""
    text = re.sub(r"[`*]|\]\([^)]*\)|\[", "", heading.strip().lower())
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def is_page(path):
    folder, name = os.path.split(os.path.relpath(path, ROOT))
    return name.endswith(".md") and folder in ("", "docs") and os.path.exists(path)


def markdown(path, lines):
    here = os.path.dirname(path)

    def link(match):
        text, target, anchor = match.groups()
        if re.match(r"[a-z]+:", target):
            return match.group(0)
        file = os.path.normpath(os.path.join(here, target)) if target else path
        if not is_page(file):
            return text
        name = page_name(file)
        if text == target:  # a page's title says more than its file's name
            return f"@ref {name}"
        return f"[{text}](@ref {name + '_' + anchor if anchor else name})"

    names = set()
    fenced = False
    for line in lines:
        if line.startswith("```"):
            fenced = not fenced
        heading = None if fenced else re.match(r"(#+) (.*)", line)
        if heading and heading.group(1) == "#":
            line = f"# {heading.group(2)} {{#{page_name(path)}}}\n"
        elif heading:
            first = f"{page_name(path)}_{slug(heading.group(2))}"
            name = first
            while name in names:  # as a forge counts them: -1, -2, ...
                name = f"{first}-{int(name[len(first) + 1:] or 0) + 1}"
            names.add(name)
            line = f"{heading.group(1)} {LINK.sub(link, heading.group(2))} {{#{name}}}\n"
        elif not fenced:
            # Two backquotes: within one, Doxygen takes an apostrophe for the end of a quotation.
            line = re.sub(r"(?<!`)`([^`\n]+)`(?!`)", r"``\1``", LINK.sub(link, line))
        yield line


def header(path, lines):
    """The comment at the top describes the file; in C, comments before and behind declarations them."""
    c = path.endswith(".h")
    top = True
    for number, line in enumerate(lines):
        if number == 0 and c:  # "/* Copyright ..." to the end of the comment
            yield "/** @file\n" if not line.rstrip().endswith("*/") else "/** @file */\n"
        elif number == 0:
            yield "/// @file\n"
        elif not c:
            top = top and line.startswith("//")
            yield "/" + line if top else line
        else:
            # Lines that divide the file into sections are no documentation of what follows.
            if not line.startswith("/* ----"):
                line = re.sub(r"^/\* ", "/** ", line)
                line = re.sub(r"([;,{]) /\* (.*)\*/$", r"\1 /**< \2*/", line)
            yield line


def main():
    path = os.path.abspath(sys.argv[1])
    with open(path, encoding="utf-8") as file:
        lines = file.readlines()
    translate = markdown if path.endswith(".md") else header
    sys.stdout.writelines(translate(path, lines))


main()
