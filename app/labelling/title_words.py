"""Takes words from titles, where a topic has too few phrases."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from app.labelling.alike import alike, content_words
from app.labelling.plain_text import normal_form, tokens
from app.labelling.stopwords import GENERIC_WORDS, STOCK_WORDS, STOP_WORDS


def title_words(titles: Sequence[str], said: Sequence[frozenset[str]]) -> Iterator[str]:
    """Give words of titles in turn that were not said yet, those of several titles first, generic last."""
    words = [{normal_form(word): word for word in tokens(title) if len(word) > 2} for title in titles]
    n_titles = Counter(form for own in words for form in own)
    in_turn = dict.fromkeys(form for row in zip_longest(*words) for form in row if form)
    known = list(said)
    for form in sorted(in_turn, key=lambda form: (form in GENERIC_WORDS, n_titles[form] == 1)):
        content = content_words((form,))
        if form in STOP_WORDS or form in STOCK_WORDS or any(alike(content, other) for other in known):
            continue
        known.append(content)
        yield next(own[form] for own in words if form in own)
