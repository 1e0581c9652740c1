"""Pages as one self-contained HTML file: no script, no request, its own fonts; a switch between languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import count
from pathlib import Path

from report.blocks import Block, Code, Fold, Grid, Item, Page, Paragraph, Picture, Points, Section, Text, message
from report.render.fonts import font_address
from report.render.images import data_address, inside
from report.text.catalogue import template
from report.text.language import language, mark
from report.text.spoken import Run, runs, spoken

STYLE = Path(__file__).with_name("style.css")
POLICY = (
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
MARKS = {"up": "▲", "down": "▼", "open": "○", "none": ""}
"""Signs before a statement, beside its words: more, less, cannot be told."""
FEW_ROWS, MANY_COLUMNS = 10, 5
"""A table of fewer rows is not broken between pages of paper; one of more columns needs room."""


def html(page: Page, langs: Sequence[str], folder: Path, *, unfolded: bool = False) -> str:
    """The page in one language, or in several with a switch between them; the first is shown first.

    Args:
        page: What is said.
        langs: Languages.
        folder: Where its pictures lie.
        unfolded: Show what is otherwise folded away, for printing.
    """
    tags = {lang: _e(mark("tag", lang)) for lang in langs}
    title = " · ".join(dict.fromkeys(_e(spoken(page.title, lang)) for lang in langs))
    body = "\n".join(
        ["</style>\n</head>\n<body>", *(_switch(tags) if len(langs) > 1 else ()), '<div class="briefs">']
        + [_Article(lang, folder, unfolded).write(page) for lang in langs]
        + ["</div>\n</body>\n</html>\n"]
    )
    head = (
        f'<!doctype html>\n<html lang="{tags[langs[0]]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="Xiaozhen">\n<title>{title}</title>\n<style>\n'
    )
    return head + _faces(head + body) + "\n" + STYLE.read_text(encoding="utf-8") + body


def _switch(tags: dict[str, str]) -> Iterator[str]:
    names = {lang: _e(language(lang).name) for lang in tags}
    for i, (lang, name) in enumerate(names.items()):
        checked = "" if i else " checked"
        yield f'<input class="pick" type="radio" name="language" id="pick-{lang}" aria-label="{name}"{checked}>'
    labels = (f'<label for="pick-{lang}" lang="{tags[lang]}">{name}</label>' for lang, name in names.items())
    yield f'<div class="switch">{"".join(labels)}</div>'


def _faces(text: str) -> str:
    """The fonts with the signs of the page."""
    return "\n".join(
        f'@font-face {{ font-family: "Xiaozhen Brief"; font-weight: {weight}; '
        f'src: url({font_address(text, bold=weight == 700)}) format("woff"); }}'
        for weight in (400, 700)
    )


def _e(text: str) -> str:
    """The one rule by which a text becomes HTML."""
    return escape(text, quote=True)


@dataclass
class _Article:
    """One language of a page; it counts its tables and figures."""

    lang: str
    folder: Path
    unfolded: bool

    def __post_init__(self) -> None:
        self.tables, self.figures = count(1), count(1)

    def write(self, page: Page) -> str:
        """The article."""
        lang, sections = self.lang, [b for b in page.blocks if isinstance(b, Section)]
        contents = _e(template("page.contents", lang))
        return "\n".join(
            [
                f'<article class="brief" id="{lang}" lang="{_e(mark("tag", lang))}">\n<header>',
                *([f'<p class="kicker">{self._say(page.kicker)}</p>'] if page.kicker else []),
                f"<h1>{self._say(page.title)}</h1>",
                *([f'<p class="question">{self._say(page.question)}</p>'] if page.question else []),
                *self._facts(page.facts),
                f'</header>\n<nav class="toc" aria-label="{contents}">\n<p>{contents}</p>\n<ol>',
                *(f'<li><a href="#{lang}-{s.id}">{self._say(s.title)}</a></li>' for s in sections if s.id),
                "</ol>\n</nav>\n<main>",
                *(self._block(block, 2) for block in page.blocks),
                "</main>\n</article>",
            ]
        )

    def _facts(self, facts: Sequence[tuple[Text, Text]]) -> Iterator[str]:
        if facts:
            yield '<dl class="facts">'
            for name, value in facts:
                yield f"<div><dt>{self._say(name)}</dt><dd>{self._say(value)}</dd></div>"
            yield "</dl>"

    def _block(self, block: Block, level: int) -> str:
        match block:
            case Section():
                return self._section(block, level)
            case Paragraph():
                style = "" if block.style == "plain" else f' class="{block.style}"'
                return f"<p{style}>{self._say(block.text)}</p>"
            case Points():
                return self._points(block)
            case Grid():
                return self._grid(block)
            case Picture():
                return self._picture(block)
            case Code():
                return f"<pre><code>{_e(block.text)}</code></pre>"
            case Fold():
                opened = " open" if self.unfolded else ""
                inner = self._all(block.blocks, level)
                return f"<details{opened}>\n<summary>{self._say(block.title)}</summary>\n{inner}\n</details>"

    def _all(self, blocks: Iterable[Block], level: int) -> str:
        return "\n".join(self._block(one, level) for one in blocks)

    def _section(self, section: Section, level: int) -> str:
        inner, title = self._all(section.blocks, level + 1), self._say(section.title)
        if not section.id:
            return f"<h{min(level, 6)}>{title}</h{min(level, 6)}>\n{inner}"
        name, kind = f"{self.lang}-{_e(section.id)}", _e(section.id)
        return (
            f'<section id="{name}" class="part part-{kind}" aria-labelledby="{name}-head">\n'
            f'<h{level} id="{name}-head">{title}</h{level}>\n{inner}\n</section>'
        )

    def _points(self, points: Points) -> str:
        if not points.title:
            tag = "ol" if points.numbered else "ul"
            items = (f"<li>{self._item(one)}</li>" for one in points.items)
            return "\n".join([f'<{tag} class="items">', *items, f"</{tag}>"])
        return "\n".join(
            [
                f'<div class="point">\n<h4>{self._say(points.title)}</h4>',
                *([f'<p class="note">{self._say(points.note)}</p>'] if points.note else []),
                '<ul class="said">',
                *(self._statement(one) for one in points.items),
                "</ul>\n</div>",
            ]
        )

    def _item(self, item: Item) -> str:
        head = f"<strong>{self._say(item.head)}</strong> " if item.head else ""
        return f"{head}<span>{self._say(item.text)}</span>"

    def _statement(self, item: Item) -> str:
        verdict = item.verdict or "none"
        mark = f'<span class="mark" aria-hidden="true">{MARKS[verdict]}</span>'
        return f'<li class="{verdict}">{mark}{self._item(item)}</li>'

    def _grid(self, grid: Grid) -> str:
        name = self._say(message("page.table", n=next(self.tables)))
        numbers = not all(map(grid.is_words, range(len(grid.head))))
        looks = ["figures" if numbers else "words"]
        looks += ["wide"] if grid.wide or (numbers and len(grid.head) > MANY_COLUMNS) else []
        looks += ["short"] if len(grid.rows) < FEW_ROWS else []
        heads = "".join(f'<th scope="col"{self._left(grid, k)}>{self._say(h)}</th>' for k, h in enumerate(grid.head))
        return "\n".join(
            [
                f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">',
                f'<table class="{" ".join(looks)}">',
                f"<caption><span><b>{name}</b> {self._say(grid.caption)}</span></caption>",
                f"<thead><tr>{heads}</tr></thead>\n<tbody>",
                *(self._row(grid, row) for row in grid.rows),
                "</tbody>\n</table>\n</div>",
            ]
        )

    def _left(self, grid: Grid, column: int) -> str:
        """A column of words in a table of numbers says so itself."""
        mixed = grid.is_words(column) and column and not isinstance(grid.words, bool)
        return ' class="left"' if mixed else ""

    def _row(self, grid: Grid, row: Sequence[Text]) -> str:
        first, *others = (self._say(cell) for cell in row)
        cells = "".join(f"<td{self._left(grid, k)}>{text}</td>" for k, text in enumerate(others, 1))
        return f'<tr><th scope="row">{first}</th>{cells}</tr>'

    def _picture(self, picture: Picture) -> str:
        path = inside(picture.folder or self.folder, picture.file(self.lang))
        if path is None:
            return ""
        name = self._say(message("page.figure", n=next(self.figures)))
        address, width, height = data_address(path)
        alt = _e(spoken(picture.alt, self.lang))
        tall = ' class="tall"' if height > width else ""
        return (
            f'<figure{tall}>\n<div class="scroll" tabindex="0" role="region" aria-label="{name}">'
            f'<img src="{address}" width="{width}" height="{height}" alt="{alt}"></div>\n'
            f"<figcaption><b>{name}</b> {self._say(picture.caption)}</figcaption>\n</figure>"
        )

    def _say(self, text: Text) -> str:
        return "".join(map(_run, runs(text, self.lang)))


def _run(run: Run) -> str:
    said = _e(run.text)
    said = f"<code>{said}</code>" if run.mono else said
    said = f"<strong>{said}</strong>" if run.strong else said
    return f'<a href="{_e(run.address)}">{said}</a>' if run.address else said
