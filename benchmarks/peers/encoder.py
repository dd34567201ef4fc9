"""Opens the product's encoder the way peers know it, for the words and keyphrases that some of them embed."""

from sentence_transformers import SentenceTransformer

from app.index.weights import find_minilm


def open_encoder() -> SentenceTransformer:
    """Load all-MiniLM-L6-v2, whose vectors of the papers every peer is given."""
    return SentenceTransformer(str(find_minilm().weights.parent), device="cpu")
