"""Labels topics with the phrases of their own papers, without a language model."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from app.hierarchy.members import topic_members
from app.hierarchy.tree import Hierarchy, Indices
from app.index.embedder import Vectors
from app.labelling.acronyms import find_acronyms, join_acronyms
from app.labelling.choose import Namer
from app.labelling.contrast import count_uses, weigh_phrases
from app.labelling.exemplars import choose_exemplars, choose_sentence
from app.labelling.label import TopicLabel
from app.labelling.languages import name_by_language
from app.labelling.meanings import Embed
from app.labelling.phrases import find_phrases
from app.labelling.plain_text import main_clause, plain_text
from app.labelling.pool import pool_phrases
from app.labelling.reading_list import papers_to_read
from app.labelling.rerank import rerank

ROOT_LABEL = "All papers"
N_STAGES = 4
"""Reading, pooling, ranking, naming: each counts as all topics once, though reading takes longest."""

Progress = Callable[[int, int], None]


def label_topics(
    texts: Sequence[tuple[str, str]],
    hierarchy: Hierarchy,
    vectors: Vectors,
    embed: Embed | None = None,
    progress: Progress | None = None,
) -> list[TopicLabel]:
    """Name every topic of a hierarchy by what its papers write and its siblings' do not.

    Parameters
    ----------
    texts : sequence of (title, abstract)
        As the source has them, LaTeX and all, in corpus order.
    hierarchy : Hierarchy
        Over the same papers.
    vectors : ndarray of shape (n_papers, n_dimensions), float32
        Unit vectors of the same papers; exemplars are chosen by them.
    embed : callable, optional
        The encoder of those vectors, for short texts, in calls of at most 512. With it phrases are ranked by
        what they mean, too; without it, by the papers' words alone.
    progress : callable, optional
        Called with (done, total) after each stage, and for each family of siblings while they are named; it
        may raise, to stop the work.

    Returns
    -------
    list of TopicLabel
        One for each topic, in the hierarchy's order; the same for the same input. Labels are plain text of at
        most 80 characters; siblings' differ, and none repeats an ancestor's. The root is called "All
        papers" and has no description.

    Notes
    -----
    Linear in words of the papers read (`papers_to_read`), with about 60 bytes a word at the peak, and in
    topics. Embeds at most `MOST_EMBEDDED` phrases and `MOST_READ` labels.
    """
    tell = progress or (lambda done, total: None)
    # The products here are of small matrices: several threads would wait for each other more than work.
    with threadpool_limits(1, user_api="blas"):
        read = papers_to_read(hierarchy, vectors)
        if len(read) == len(texts):
            return _label_by_all(texts, hierarchy, vectors, embed, tell)
        sizes = np.asarray(topic_members(hierarchy).sum(axis=1), dtype=np.int64)
        some = [texts[paper] for paper in read.tolist()]
        labels = _label_by_all(some, _of_papers(hierarchy, read), vectors[read], embed, tell, sizes)
    return [replace(label, exemplars=tuple(read[list(label.exemplars)].tolist())) for label in labels]


def _of_papers(hierarchy: Hierarchy, papers: Indices) -> Hierarchy:
    """Give the same topics with some of their papers only."""
    return Hierarchy(
        hierarchy.parents,
        hierarchy.assignments[papers],
        hierarchy.confidences[papers],
        hierarchy.best_guesses[papers],
        hierarchy.runners_up[papers],
    )


def _label_by_all(
    texts: Sequence[tuple[str, str]],
    hierarchy: Hierarchy,
    vectors: Vectors,
    embed: Embed | None,
    progress: Progress,
    sizes: Indices | None = None,
) -> list[TopicLabel]:
    """Label topics by all papers given; ``sizes`` are the topics' where these are only some of them."""
    n_topics = len(hierarchy.parents)

    def report(n_stages: int, n_named: int = 0) -> None:
        progress(n_stages * n_topics + n_named, N_STAGES * n_topics)

    report(0)
    plain = [(plain_text(title), plain_text(abstract)) for title, abstract in texts]
    phrases, short_forms = join_acronyms(
        find_phrases(plain, fewest_papers=fewest_papers(len(plain))), find_acronyms(plain)
    )
    report(1)
    counts = count_uses(phrases, hierarchy)
    members = topic_members(hierarchy)
    papers = [
        np.sort(members.indices[members.indptr[topic] : members.indptr[topic + 1]].astype(np.int64))
        for topic in range(n_topics)
    ]
    exemplars = [choose_exemplars(vectors, own) for own in papers]
    titles = [[plain[paper][0] for paper in own] for own in exemplars]

    def last_resort(topic: int) -> str:
        by_language = name_by_language(" ".join(plain[paper]) for paper in exemplars[topic])
        return by_language or main_clause(titles[topic][0] if titles[topic] else "")

    meanings = None
    if embed is None:
        candidates = [weigh_phrases(counts, topic) for topic in range(len(papers))]
    else:
        pool = pool_phrases(phrases, counts, hierarchy, vectors, embed)
        report(2)
        candidates = rerank(pool, papers, vectors)
        phrases, counts, meanings = pool.phrases, pool.counts, pool.meanings
        short_forms = {
            place: short_forms[number]
            for place, number in enumerate(pool.numbers.tolist())
            if number in short_forms
        }
    report(3)
    named = Namer(
        phrases, short_forms, counts, papers, titles, last_resort, candidates, vectors, meanings, sizes, embed
    ).name_all(lambda n_named: report(3, n_named))
    labels = []
    for topic, name in enumerate(named):
        if topic == 0:  # No sentence of one paper speaks of all of them.
            labels.append(TopicLabel(ROOT_LABEL, name.keyphrases, "", exemplars[topic]))
            continue
        sentence = choose_sentence(plain, exemplars[topic], name.weights)
        labels.append(TopicLabel(name.label, name.keyphrases, sentence, exemplars[topic]))
    return labels


def fewest_papers(n_papers: int) -> int:
    """Choose in how many papers a phrase must be to count; rare ones are most of all phrases."""
    if n_papers < 10:
        return 1
    return 2 if n_papers < 2000 else 3
