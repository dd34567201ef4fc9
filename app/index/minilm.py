"""all-MiniLM-L6-v2 on the CPU: OpenVINO runs a graph built from the published weights."""

from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from app.index.batches import equal_length_batches
from app.index.bert_graph import BertGraph
from app.index.embedder import Vectors
from app.index.processors import usable_processors
from app.index.texts import distinct_texts
from app.index.weights import find_minilm, verify_weights

Precision = Literal["bf16", "f32"]

N_HEADS = 12
MOST_TOKENS = 256
# A power of two on purpose. Processors without instructions for int8 dot products restore the weights a step
# of inputs at a time (512 with avx2), and the engine misreads the scales of a group that two steps share.
INT8_GROUP_SIZE = 128
TOKEN_BUDGET = 1024
TEXTS_AT_ONCE = 4096


class MinilmEmbedder:
    """Embeds texts with all-MiniLM-L6-v2: mean of the last layer over at most 256 tokens, unit length.

    The same text gets the same vector whatever it is embedded with.

    Parameters
    ----------
    fast : bool
        Hold weights as int8 and quantize activations while running: faster, and less precise. Its
        vectors are stored under a name of their own. A processor without instructions for int8 dot
        products (VNNI) computes in floating point with the same weights: nearer the precise vectors,
        and no faster.
    threads : int, optional
        Threads that compute; all processors this process may run on when not given.
    precision : {"bf16", "f32"}, optional
        Of the products that stay in floating point. When not given: f32 with ``fast``, so that a text's
        vector does not depend on its batch; otherwise bf16 where the processor has instructions for it.
    directory : Path, optional
        Where the model's files are; the installed package's when not given.

    Raises
    ------
    WeightsMissing
        If the package that carries the weights is not installed.
    WeightsDamaged
        If they are not the published ones.
    """

    def __init__(
        self,
        *,
        fast: bool = False,
        threads: int | None = None,
        precision: Precision | None = None,
        directory: Path | None = None,
    ) -> None:
        files = find_minilm(directory)
        verify_weights(files.weights)
        self._tokenizer = Tokenizer.from_file(str(files.tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS)
        group_size = INT8_GROUP_SIZE if fast else None
        graph = BertGraph(load_file(files.weights), N_HEADS, group_size).build()
        threads = threads or usable_processors()
        self._compiled = _compile(graph, threads, precision, group_size)
        # Two batches a thread: one computed, one waiting for the thread to be free.
        self._n_requests = 2 * threads
        self._model = "all-MiniLM-L6-v2-int8" if fast else "all-MiniLM-L6-v2"
        self._n_dimensions = int(self._compiled.output(0).get_partial_shape()[1].get_length())

    @property
    def model(self) -> str:
        """Name under which its vectors are stored."""
        return self._model

    @property
    def n_dimensions(self) -> int:
        """Length of a vector."""
        return self._n_dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts, in their order; equal texts are computed once.

        Parameters
        ----------
        texts : sequence of str
            Any length, empty strings included; cut after 256 tokens.

        Returns
        -------
        ndarray of shape (n_texts, n_dimensions), float32
            Finite unit vectors.
        """
        distinct, rows = distinct_texts(texts)
        means = np.empty((len(distinct), self._n_dimensions), np.float32)
        for start in range(0, len(distinct), TEXTS_AT_ONCE):
            stop = start + TEXTS_AT_ONCE
            self._encode(distinct[start:stop], means[start:stop])
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        return means[rows]

    def _encode(self, texts: list[str], means: Vectors) -> None:
        """Write the mean token vector of each text into its row of ``means``."""
        # The engine's queue with Python callbacks is not used: its threads take the interpreter's lock to
        # drop a callback, and the process hangs or aborts when the model is freed just then.
        idle = [self._compiled.create_infer_request() for _ in range(self._n_requests)]
        running: deque[tuple[ov.InferRequest, list[int]]] = deque()
        for batch, ids in self._batches(texts):
            request = idle.pop() if idle else _finish(*running.popleft(), means)
            request.start_async({0: ids})
            running.append((request, batch))
        for request, batch in running:
            _finish(request, batch, means)

    def _batches(self, texts: list[str]) -> Iterator[tuple[list[int], NDArray[np.int32]]]:
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(texts)]
        for batch in equal_length_batches([len(ids) for ids in tokens], TOKEN_BUDGET):
            yield batch, np.array([tokens[i] for i in batch], np.int32)


def _finish(request: ov.InferRequest, batch: list[int], means: Vectors) -> ov.InferRequest:
    request.wait()
    means[batch] = request.get_output_tensor(0).data
    return request


def native_precision(core: ov.Core) -> Precision:
    """Find the fastest precision this processor has instructions for.

    The engine's own default is asked rather than its list of capabilities, which names bf16 on processors
    that only emulate it.
    """
    return "bf16" if core.get_property("CPU", "INFERENCE_PRECISION_HINT") == ov.Type.bf16 else "f32"


def _compile(
    graph: ov.Model, threads: int, precision: Precision | None, group_size: int | None
) -> ov.CompiledModel:
    core = ov.Core()
    return core.compile_model(
        graph,
        "CPU",
        {
            # Beside int8, products in bf16 would round by batch on processors with tiles (AMX).
            "INFERENCE_PRECISION_HINT": precision or ("f32" if group_size else native_precision(core)),
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": group_size or 0,
            # One batch a thread: nothing to wait for inside a batch, and the same sums in the same order.
            "NUM_STREAMS": threads,
            "INFERENCE_NUM_THREADS": threads,
            # Pinned threads of two processes would share a processor while another idles.
            "ENABLE_CPU_PINNING": False,
        },
    )
