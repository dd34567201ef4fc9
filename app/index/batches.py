"""Which texts go through an encoder together."""

from collections.abc import Iterator, Sequence
from itertools import groupby


def equal_length_batches(lengths: Sequence[int], token_budget: int) -> Iterator[list[int]]:
    """Group texts of equal length into batches, longest first.

    Nothing is padded, so no time goes into padding and no text's vector depends on its batch. Longest
    first, because threads that finish together waste less at the end.

    Parameters
    ----------
    lengths : sequence of int
        Tokens of each text, at least one.
    token_budget : int
        Most tokens in a batch; a single longer text is a batch of its own.

    Yields
    ------
    list of int
        Indices of one batch's texts, ascending.

    Examples
    --------
    >>> list(equal_length_batches([2, 3, 2, 2], 4))
    [[1], [0, 2], [3]]
    """
    longest_first = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    for length, group in groupby(longest_first, key=lambda i: lengths[i]):
        members = list(group)
        size = max(1, token_budget // length)
        yield from (members[start : start + size] for start in range(0, len(members), size))
