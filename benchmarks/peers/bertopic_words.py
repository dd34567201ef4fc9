"""BERTopic with the vectorizer that its documentation advises, so that labels are not stop words.

Everything else is at its defaults.
"""

from bertopic import BERTopic
from sklearn.feature_extraction.text import CountVectorizer

from benchmarks.peers.bertopic_tree import tree_of
from benchmarks.peers.peer_tree import Papers, PeerTree


def make_tree(papers: Papers) -> PeerTree:
    vectorizer = CountVectorizer(stop_words="english", min_df=2, ngram_range=(1, 2))
    return tree_of(BERTopic(vectorizer_model=vectorizer), papers)
