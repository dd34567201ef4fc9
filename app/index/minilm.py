"""all-MiniLM-L6-v2 on the CPU through OpenVINO."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import openvino as ov
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from app.index.bert_graph import build_bert
from app.index.embedder import Vectors
from app.index.weights import find_minilm, verify_weights


class MinilmEmbedder:
    """Precise."""

    model = "all-MiniLM-L6-v2"
    n_dimensions = 384

    def __init__(self, *, threads: int | None = None, cache_directory: Path | None = None) -> None:
        files = find_minilm()
        verify_weights(files.weights)
        self._tokenizer = Tokenizer.from_file(str(files.tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(256)
        core = ov.Core()
        config: dict[str, object] = {"PERFORMANCE_HINT": "LATENCY"}
        if threads:
            config["INFERENCE_NUM_THREADS"] = threads
        if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            config["INFERENCE_PRECISION_HINT"] = "bf16"
        self._request = core.compile_model(
            build_bert(load_file(files.weights)), "CPU", config
        ).create_infer_request()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed."""
        unique = list(dict.fromkeys(texts))
        tokens = [
            e.ids
            for e in self._tokenizer.encode_batch_fast(
                [t.encode("utf-8", "replace").decode() for t in unique]
            )
        ]
        order = sorted(range(len(tokens)), key=lambda i: len(tokens[i]))
        sums = np.zeros((len(tokens), 384), np.float32)
        for start in range(0, len(order), 16):
            batch = order[start : start + 16]
            width = len(tokens[batch[-1]])
            ids = np.zeros((len(batch), width), np.int32)
            mask = np.zeros((len(batch), width), np.float32)
            for row, i in enumerate(batch):
                ids[row, : len(tokens[i])] = tokens[i]
                mask[row, : len(tokens[i])] = 1
            self._request.infer([ids, mask])
            sums[batch] = self._request.get_output_tensor(0).data
        vectors = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        rows = {text: i for i, text in enumerate(unique)}
        return vectors[[rows[t] for t in texts]]
