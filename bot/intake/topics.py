"""Which topics an article is about, and the hashtag of each: a small table, no guessing.

Pure. At most two tags, and only for what the title names, or what summary or tags name and the
text keeps coming back to. More topics are given in `posts/feeds.toml`.
"""

from collections.abc import Iterable, Mapping

from bot.intake.folding import count_phrase, has_phrase, in_a_row

MAX_TAGS = 2
MIN_MENTIONS = 3

# Hashtag: the words that mean it, `*` for all that begin so. Accents and case do not matter.
TOPICS: dict[str, tuple[str, ...]] = {
    "#Argentina": ("argentina", "argentine*", "argentino", "argentinos", "argentinas"),
    "#Bolivia": ("bolivia", "bolivian*", "boliviano*", "boliviana*"),
    "#Brazil": ("brazil", "brazilian*", "brasil", "brasileir*", "brasilen*"),
    "#Chile": ("chile", "chilean*", "chileno*", "chilena*"),
    "#Colombia": ("colombia", "colombian*", "colombiano*", "colombiana*"),
    "#CostaRica": ("costa rica", "costa rican*", "costarricense*"),
    "#Cuba": ("cuba", "cuban", "cubans", "cubano*", "cubana*"),
    "#DominicanRepublic": ("dominican republic", "republica dominicana"),
    "#Ecuador": ("ecuador", "ecuadorian*", "ecuadorean*", "ecuatorian*"),
    "#ElSalvador": ("el salvador", "salvadoran*", "salvadoren*"),
    "#Guatemala": ("guatemala", "guatemalan*", "guatemaltec*"),
    "#Guyana": ("guyana", "guyanese"),
    "#Haiti": ("haiti", "haitian*", "haitiano*", "haitiana*"),
    "#Honduras": ("honduras", "honduran*", "hondurena*", "hondureno*", "hondurenh*"),
    "#Mexico": ("mexico", "mexican*", "mexicano*", "mexicana*"),
    "#Nicaragua": ("nicaragua", "nicaraguan*", "nicaraguens*"),
    "#Panama": ("panama", "panamanian*", "panamen*"),
    "#Paraguay": ("paraguay", "paraguayan*", "paraguayo*", "paraguaya*"),
    "#Peru": ("peru", "peruvian*", "peruano*", "peruana*"),
    "#PuertoRico": ("puerto rico", "puerto rican*", "puertorriquen*", "boricua*"),
    "#Uruguay": ("uruguay", "uruguayan*", "uruguayo*", "uruguaya*"),
    "#Venezuela": ("venezuela", "venezuelan*", "venezolan*", "venezuelano*", "venezuelana*"),
    "#LatinAmerica": ("latin america", "latin american*", "america latina", "latinoameric*"),
    "#COP30": ("cop30",),
    "#Amazon": ("amazon rainforest", "amazon forest", "amazonia", "amazonian*", "amazonic*"),
    "#HumanRights": ("human rights", "derechos humanos", "direitos humanos"),
    "#IndigenousRights": ("indigenous rights", "indigenous people*", "pueblos indigenas",
                          "povos indigenas", "pueblos originarios"),
    "#LandRights": ("land rights", "land defender*", "reforma agraria", "agrarian reform",
                    "land reform"),
    "#ClimateJustice": ("climate justice", "justicia climatica", "justica climatica"),
    "#TradeUnions": ("trade union*", "trade unionist*", "sindicato*", "sindicalista*"),
    "#PressFreedom": ("press freedom", "libertad de prensa", "liberdade de imprensa"),
    "#WomensRights": ("women s rights", "derechos de las mujeres", "direitos das mulheres",
                      "femicide*", "feminicid*"),
}  # fmt: skip


def hashtags(
    title: str, standfirst: str, tags: Iterable[str], text: str, more: Mapping[str, str]
) -> tuple[str, ...]:
    """The hashtags of what the article is about, strongest first; `more` is words to hashtag."""
    phrases = {
        tag: (*words, *(w for w, own in more.items() if own == tag))
        for tag, words in TOPICS.items()
    }
    for words, tag in more.items():
        phrases.setdefault(tag, (words,))
    rows = in_a_row(title), in_a_row(f"{standfirst} {' . '.join(tags)}"), in_a_row(text)
    # A feed's own topics go before the shipped ones that are as strong.
    ranked = [
        (-weight, tag not in more.values(), place, tag)
        for place, (tag, words) in enumerate(phrases.items())
        if (weight := _weight(words, *rows))
    ]
    return tuple(tag for *_, tag in sorted(ranked)[:MAX_TAGS])


def _weight(words: Iterable[str], title: str, summary: str, text: str) -> int:
    """How much an article is about it: 0 for not enough."""
    phrases = tuple(words)
    if any(has_phrase(title, phrase) for phrase in phrases):
        return 1_000
    mentions = sum(count_phrase(text, phrase) for phrase in phrases)
    is_named = any(has_phrase(summary, phrase) for phrase in phrases)
    return min(mentions, 999) if is_named and mentions >= MIN_MENTIONS else 0
