"""A BERT encoder with mean pooling as an OpenVINO graph, built from its weights."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13 as ops

Weights = Mapping[str, NDArray[np.float32]]
EPSILON = 1e-12
N_HEADS = 12


def build_bert(weights: Weights) -> ov.Model:
    """Temp."""
    ids = ops.parameter([-1, -1], np.int32, name="ids")
    mask = ops.parameter([-1, -1], np.float32, name="mask")
    n_layers = sum(n.endswith("attention.self.query.weight") for n in weights)
    x = _embed(weights, ids)
    bias = ops.multiply(ops.subtract(mask, np.float32(1)), np.float32(1e9))
    bias = ops.unsqueeze(bias, np.array([1, 2], np.int32))
    for n in range(n_layers):
        x = _layer(weights, f"encoder.layer.{n}.", x, bias)
    m = ops.unsqueeze(mask, np.array([2], np.int32))
    s = ops.reduce_sum(ops.multiply(x, m), np.array([1], np.int32), keep_dims=False)
    s = ops.result(s, name="sum")
    return ov.Model([s], [ids, mask], "bert")


def _embed(w: Weights, ids: Any) -> Any:
    words = ops.gather(ops.constant(w["embeddings.word_embeddings.weight"]), ids, np.int32(0))
    length = ops.gather(ops.shape_of(ids, output_type="i32"), np.int32(1), np.int32(0))
    pos = w["embeddings.position_embeddings.weight"] + w["embeddings.token_type_embeddings.weight"][0]
    pos = ops.slice(
        ops.constant(pos), np.array([0]), ops.unsqueeze(length, np.int32(0)), np.array([1]), np.array([0])
    )
    return _norm(w, "embeddings.LayerNorm.", ops.add(words, pos))


def _layer(w: Weights, p: str, x: Any, bias: Any) -> Any:
    q, k, v = (_heads(_dense(w, f"{p}attention.self.{n}.", x)) for n in ("query", "key", "value"))
    a = ops.scaled_dot_product_attention(q, k, v, bias, causal=False)
    a = ops.reshape(ops.transpose(a, np.array([0, 2, 1, 3], np.int32)), np.array([0, 0, -1], np.int32), True)
    x = _norm(w, p + "attention.output.LayerNorm.", ops.add(_dense(w, p + "attention.output.dense.", a), x))
    h = ops.gelu(_dense(w, p + "intermediate.dense.", x), "ERF")
    return _norm(w, p + "output.LayerNorm.", ops.add(_dense(w, p + "output.dense.", h), x))


def _heads(x: Any) -> Any:
    x = ops.reshape(x, np.array([0, 0, N_HEADS, -1], np.int32), True)
    return ops.transpose(x, np.array([0, 2, 1, 3], np.int32))


def _dense(w: Weights, p: str, x: Any) -> Any:
    y = ops.matmul(x, ops.constant(w[p + "weight"]), False, True)
    return ops.add(y, ops.constant(w[p + "bias"]))


def _norm(w: Weights, p: str, x: Any) -> Any:
    y = ops.mvn(x, np.array([-1], np.int32), True, EPSILON, "inside_sqrt")
    return ops.add(ops.multiply(y, ops.constant(w[p + "weight"])), ops.constant(w[p + "bias"]))
