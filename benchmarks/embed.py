"""How fast abstracts are embedded, beside sentence-transformers at its defaults.

    python -m benchmarks.embed [--papers FILE] [--texts N] [--rounds N] [--write FILE]

Run from the repository's root with the torch extra installed (requirements-torch.lock). Needs
``../shared/data/arxiv_hier_dev_5k``, or another JSONL file (.gz or not) of ``title`` and ``abstract``.

All variants embed the same texts in one process, in turns, the order reversed every other round, so that
whatever else the machine does meets them alike. A ratio is taken within its round. Texts a second are
counted by the clock and by processor time: the second hardly depends on what else is running. "f32" is what
a processor without bf16 instructions gets. Agreement is with sentence-transformers in fp32: the lowest
cosine, and the share of each text's ten nearest neighbours among the texts that stay.
"""

import argparse
import gzip
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from app.index.embedder import Vectors
from app.index.exact import nearest_neighbours
from app.index.minilm import MinilmEmbedder
from app.index.weights import find_minilm
from benchmarks.machine import describe_machine

PAPERS = Path(__file__).resolve().parents[2] / "shared" / "data" / "arxiv_hier_dev_5k" / "papers.jsonl.gz"
N_NEIGHBOURS = 10
SEED = 0


@dataclass
class Variant:
    """One way to embed, and what was measured of it: a rate by the clock and by processor time a round."""

    name: str
    open: Callable[[], Callable[[Sequence[str]], Vectors]]
    load_s: float = 0.0
    rates: list[tuple[float, float]] = field(default_factory=list)
    vectors: Vectors | None = None


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", type=Path, default=PAPERS)
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", type=Path, help="also write the table to this file")
    arguments = parser.parse_args()
    if not arguments.papers.is_file():
        parser.error(f"{arguments.papers} is not there")
    texts = read_texts(arguments.papers, arguments.texts)
    report = [describe_machine(), ""]
    variants = measure(texts, arguments.rounds)
    report += [f"{len(texts)} texts, {arguments.rounds} rounds, {torch.get_num_threads()} threads", ""]
    report += table(variants)
    print("\n".join(report))
    if arguments.write:
        arguments.write.write_text("\n".join(report) + "\n", encoding="utf-8")


def read_texts(path: Path, n_texts: int) -> list[str]:
    """Draw papers of a file at random, with a fixed seed; title and abstract as the worker embeds them."""
    content = path.read_bytes()
    lines = (gzip.decompress(content) if path.suffix == ".gz" else content).splitlines()
    papers = [json.loads(line) for line in lines]
    drawn = np.random.default_rng(SEED).permutation(len(papers))[:n_texts]
    return [f"{papers[i]['title']}\n\n{papers[i]['abstract']}".strip() for i in drawn]


def measure(texts: list[str], n_rounds: int) -> list[Variant]:
    """Embed the texts with every variant in every round, the order reversed every other round."""
    variants = [
        Variant("sentence-transformers, defaults", lambda: rival(torch.float32)),
        Variant("sentence-transformers, bf16", lambda: rival(torch.bfloat16)),
        Variant("minilm", lambda: MinilmEmbedder().embed),
        Variant("minilm, f32", lambda: MinilmEmbedder(precision="f32").embed),
        Variant("minilm-fast", lambda: MinilmEmbedder(fast=True).embed),
        Variant("minilm-fast, f32", lambda: MinilmEmbedder(fast=True, precision="f32").embed),
    ]
    embeds = {}
    for variant in variants:
        start = time.perf_counter()
        embeds[variant.name] = variant.open()
        variant.load_s = time.perf_counter() - start
        embeds[variant.name](texts[:100])
    for number in range(n_rounds):
        for variant in variants if number % 2 == 0 else reversed(variants):
            start, processor_start = time.perf_counter(), time.process_time()
            variant.vectors = embeds[variant.name](texts)
            elapsed, processor = time.perf_counter() - start, time.process_time() - processor_start
            variant.rates.append((len(texts) / elapsed, len(texts) / processor))
            print(f"round {number + 1}: {variant.name}: {variant.rates[-1][0]:.1f}/s", flush=True)
    return variants


def rival(dtype: torch.dtype) -> Callable[[Sequence[str]], Vectors]:
    """Open sentence-transformers with the same weights and its own batch size."""
    folder = str(find_minilm().weights.parent)
    encoder = SentenceTransformer(folder, device="cpu", model_kwargs={"dtype": dtype})

    def embed(texts: Sequence[str]) -> Vectors:
        found = encoder.encode(list(texts), convert_to_tensor=True, show_progress_bar=False)
        vectors = found.float().numpy()
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    return embed


def table(variants: list[Variant]) -> list[str]:
    """Lay the figures out as Markdown: medians over the rounds, ratios with their spread."""
    first = variants[0]
    assert first.vectors is not None
    neighbours = nearest_neighbours(first.vectors, N_NEIGHBOURS)[0]
    lines = [
        "| variant | abstracts/s | per CPU second | ratio | ratio by CPU time | lowest cosine "
        "| same 10 neighbours | loaded in |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for variant in variants:
        assert variant.vectors is not None
        cosine = (variant.vectors * first.vectors).sum(axis=1).min()
        found = nearest_neighbours(variant.vectors, N_NEIGHBOURS)[0]
        same = np.mean([len(np.intersect1d(a, b)) for a, b in zip(found, neighbours, strict=True)])
        rates = [median(rate[kind] for rate in variant.rates) for kind in (0, 1)]
        agreement = f"{cosine:.5f} | {same / N_NEIGHBOURS:.4f}"
        lines.append(
            f"| {variant.name} | {rates[0]:.1f} | {rates[1]:.1f} | {ratio(variant, first, 0)} "
            f"| {ratio(variant, first, 1)} | {agreement} | {variant.load_s:.1f} s |"
        )
    return lines


def ratio(variant: Variant, first: Variant, kind: int) -> str:
    """Give the median of the rounds' ratios, and the lowest and highest."""
    ratios = [own[kind] / other[kind] for own, other in zip(variant.rates, first.rates, strict=True)]
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


if __name__ == "__main__":
    main()
