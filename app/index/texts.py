"""What is done to texts before any encoder sees them."""

from collections.abc import Sequence


def distinct_texts(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    """List each different text once, and for every text the row of its own in that list.

    Half of a surrogate pair, which a ``str`` may hold and no tokenizer takes, becomes a question mark.

    Parameters
    ----------
    texts : sequence of str
        Any texts.

    Returns
    -------
    distinct : list of str
        In the order in which they first come.
    rows : list of int
        ``distinct[rows[i]]`` is text i.

    Examples
    --------
    >>> distinct_texts(["b", "a", "b"])
    (['b', 'a'], [0, 1, 0])
    """
    row_of: dict[str, int] = {}
    rows = [row_of.setdefault(text.encode("utf-8", "replace").decode("utf-8"), len(row_of)) for text in texts]
    return list(row_of), rows
