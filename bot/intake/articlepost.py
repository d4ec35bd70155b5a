"""From an article's words to one post: the feed's template, and what fits each Platform.

Pure, and the same words always give the same bytes. Only whole sentences are taken; the title alone
is ever cut, at a word. A Platform counts for itself (`measure`, and `render` through `compose`).
There is never a post that is only a link.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.errors import PostInvalid
from bot.formatting.rendered import Rendered
from bot.formatting.text import tidy
from bot.intake.articlewords import ArticleWords
from bot.intake.feedoptions import FIELD, Options
from bot.intake.identity import title_key
from bot.intake.quotation import Quotation, quotations
from bot.intake.topics import MAX_TAGS, hashtags
from bot.model.written import Written
from bot.platforms.contract import Length

TRIED_QUOTATIONS = 8
# What may go from a line without the rest of the line losing its sense.
OPTIONAL = frozenset({"hashtags", "link"})
LEFT_OVER = " ,;:–—-|·"


@dataclass(frozen=True, slots=True)
class Voice:
    """One Account's Platform: its key in `Written.texts`, how it draws a post and how it counts."""

    platform: str
    render: Callable[[Written], Rendered]
    measure: Callable[[str], Length]
    is_linked: bool = True


@dataclass(frozen=True, slots=True)
class Composed:
    """The post, and by Platform the quotation it has; None where it has none."""

    written: Written
    quotations: Mapping[str, Quotation | None] = field(default_factory=dict)
    hashtags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Filling:
    """What goes into the template."""

    title: str
    standfirst: str = ""
    quotation: Quotation | None = None
    tags: tuple[str, ...] = ()


def composed(words: ArticleWords, options: Options, voices: Sequence[Voice]) -> Composed:
    """The post for an article; PostInvalid where it would be nothing but a link, or have none."""
    if not words.link:
        raise PostInvalid("The article has no web link, so there is nothing to send readers to.")
    if not title_key(words.title):
        raise PostInvalid("The article has no title, and a post is never only a link.")
    return _Composing(words, options, voices).result()


class _Composing:
    """One article on its way into one post."""

    def __init__(self, words: ArticleWords, options: Options, voices: Sequence[Voice]) -> None:
        self.options, self.voices = options, voices
        title = self._plain(words.title, MAX_TAGS)
        self.tags_left = MAX_TAGS - len(self._own_tags(title))
        self.words = replace(
            words,
            title=title,
            standfirst=self._plain(words.standfirst),
            author=self._plain(words.author),
            site=self._plain(words.site),
        )
        found = quotations(words.text, words.title, words.standfirst)
        quiet = (one for one in found if self._is_quiet(one.marked))
        self.quotations = [one for one, _ in zip(quiet, range(TRIED_QUOTATIONS), strict=False)]
        self.tags = self._tags(words)

    def result(self) -> Composed:
        full = _Filling(
            self.words.title,
            self.words.standfirst,
            next(iter(self.quotations), None),
            self.tags,
        )
        written = Written(
            body=self._text(full, is_linked=True),
            to=self.options.accounts,
            campaign=self.options.campaign,
            labels=self.options.labels,
            link=self.words.link,
            unlinked=tuple(dict.fromkeys(v.platform for v in self.voices if not v.is_linked)),
        )
        used: dict[str, _Filling] = {voice.platform: full for voice in self.voices}
        for voice in self.voices:
            written = self._with_text(written, voice, full)
        for voice in self.voices:
            written = self._spoken(written, voice, used)
        shown = {name: self._shown(one) for name, one in used.items()}
        return Composed(written, shown, self.tags)

    def _spoken(self, written: Written, voice: Voice, used: dict[str, _Filling]) -> Written:
        """The post with a text of its own for this Platform where it needs one."""
        if _fits(voice.render(written)):
            return written
        for filling in self._shorter():
            tried = self._with_text(written, voice, filling)
            if _fits(voice.render(tried)):
                used[voice.platform] = filling
                return tried
        cuts = [_Filling(cut) for cut in _cuts(self.words.title)]
        best = _longest([self._with_text(written, voice, cut) for cut in cuts], voice.render)
        if best is None:
            return written
        used[voice.platform] = _Filling(self.words.title)
        return best

    def _shorter(self) -> Iterator[_Filling]:
        """What is left out, least missed first."""
        title, fewer = self.words.title, [self.tags[:n] for n in range(len(self.tags), 0, -1)]
        for quotation in self.quotations:
            yield from (_Filling(title, "", quotation, tags) for tags in fewer)
        yield from (_Filling(title, "", quotation) for quotation in self.quotations)
        for tags in (*fewer, ()):
            yield _Filling(title, self.words.standfirst, None, tags)
        yield from (_Filling(title, "", None, tags) for tags in (*fewer, ()))

    def _with_text(self, written: Written, voice: Voice, filling: _Filling) -> Written:
        text = self._text(filling, is_linked=voice.is_linked)
        others = {key: said for key, said in written.texts.items() if key != voice.platform}
        own = {} if text == written.body else {voice.platform: text}
        return replace(written, texts={**others, **own})

    def _text(self, filling: _Filling, *, is_linked: bool) -> str:
        values = {
            "title": filling.title,
            "standfirst": filling.standfirst,
            "author": self.words.author,
            "site": self.words.site,
            "quote": filling.quotation.marked if filling.quotation else "",
            "hashtags": " ".join(filling.tags),
            "link": self.words.link if is_linked else "",
        }
        template = self.options.template
        if not is_linked and "{site}" not in template:
            template = (
                f"{template}\n\n({{site}})"  # without the link nothing else says who wrote it
            )
        return filled(template, values)

    def _shown(self, filling: _Filling) -> Quotation | None:
        return filling.quotation if "{quote}" in self.options.template else None

    def _plain(self, text: str, max_tags: int = 0) -> str:
        """Without what a Platform would turn into a link, a mention or one hashtag too many."""
        before = None
        while text != before:  # what is left when one is taken out may be another: @##A, @A
            before = text
            for voice in self.voices:
                text = _without(text, voice.measure(text), max_tags)
        return " ".join(text.split())

    def _is_quiet(self, text: str) -> bool:
        lengths = [voice.measure(text) for voice in self.voices]
        return not any((*one.links, *one.mentions, *one.hashtags) for one in lengths)

    def _own_tags(self, title: str) -> set[str]:
        """The hashtags that the title brings itself."""
        lengths = [voice.measure(title) for voice in self.voices]
        return {span.text.casefold() for one in lengths for span in one.hashtags}

    def _tags(self, words: ArticleWords) -> tuple[str, ...]:
        """Two at most, with those of the title."""
        if "{hashtags}" not in self.options.template:
            return ()
        own = self._own_tags(self.words.title)
        more = dict(self.options.hashtags)
        found = hashtags(words.title, words.standfirst, words.tags, words.text, more)
        return tuple(tag for tag in found if tag.casefold() not in own)[: self.tags_left]


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with its fields; a line goes where a field it needs is empty."""
    lines = [_line(line, values) for line in template.split("\n")]
    return tidy(re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in lines if line is not None)))


def _line(line: str, values: Mapping[str, str]) -> str | None:
    names = FIELD.findall(line)
    empty = {name for name in names if not values[name]}
    is_needless = bool(names) and (empty == set(names) or bool(empty - OPTIONAL))
    if is_needless and "title" not in names:
        return None
    text = FIELD.sub(lambda found: values[found[1]], line)
    return " ".join(text.split()).rstrip(LEFT_OVER) if empty else text


def _fits(rendered: Rendered) -> bool:
    return max(rendered.weights) <= rendered.max_weight


def _longest(grown: Sequence[Written], render: Callable[[Written], Rendered]) -> Written | None:
    """The last of them that fits; they grow, so half of what is left is ruled out each time."""
    low, high = 0, len(grown)
    while low < high:
        middle = (low + high) // 2
        if _fits(render(grown[middle])):
            low = middle + 1
        else:
            high = middle
    return grown[low - 1] if low else None


def _cuts(title: str) -> list[str]:
    """The title cut after each of its words, shortest first."""
    starts: Iterable[str] = (title[: space.start()] for space in re.finditer(r"\s+", title))
    return [f"{start.rstrip(' ,;:.!?–—-')}…" for start in starts]


def _without(text: str, length: Length, max_tags: int) -> str:
    """The text with its links, mentions and hashtags beyond so many made plain words."""
    spans = (*length.links, *length.mentions, *length.hashtags[max_tags:])
    for span in sorted(spans, key=lambda span: -span.start):
        quiet = re.sub("[@#＠＃]", "", text[span.start : span.end]).replace(".", " ")
        text = f"{text[: span.start]}{quiet}{text[span.end :]}"
    return text
