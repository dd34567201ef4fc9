"""A BERT encoder as an OpenVINO graph, built from its weights with the engine's own operations."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset13 as ops

Weights = Mapping[str, NDArray[np.float32]]
"""Tensors by the names that the published BERT checkpoints give them."""

LAYER_NORM_EPSILON = 1e-12
INT8_LARGEST = 127


@dataclass(frozen=True, slots=True)
class BertGraph:
    """Builds the encoder: token ids in, the mean of the last layer's token vectors out.

    There is no attention mask: all texts of a batch have the same number of tokens, so nothing is
    computed for padding and a text's vector does not depend on what else is in its batch.

    Parameters
    ----------
    weights : mapping of str to ndarray, float32
        The checkpoint.
    n_heads : int
        Attention heads of a layer.
    group_size : int, optional
        When given, the weights of the linear layers are held as int8 with one scale for each output and
        ``group_size`` inputs (symmetric, rounded to nearest [1]_); it divides the width of every layer.
        The engine then quantizes activations in the same groups while it runs, token by token, where the
        processor can multiply int8.

    References
    ----------
    .. [1] Wu, Judd, Zhang, Isaev and Micikevicius, *Integer Quantization for Deep Learning Inference:
       Principles and Empirical Evaluation*, 2020, section 3, arXiv:2004.09602.
    """

    weights: Weights
    n_heads: int
    group_size: int | None = None

    def build(self) -> ov.Model:
        """Build the graph.

        Returns
        -------
        openvino.Model
            Input ``ids`` of shape (n_texts, n_tokens), int32; one output of shape (n_texts, n_dimensions),
            float32, not normalised.
        """
        ids = ops.parameter([-1, -1], np.int32, name="ids")
        hidden = self._embedding(ids)
        n_layers = sum(name.endswith(".attention.self.query.weight") for name in self.weights)
        for layer in range(n_layers):
            hidden = self._layer(f"encoder.layer.{layer}.", hidden)
        mean = ops.reduce_mean(hidden, np.array([1], np.int32), keep_dims=False)
        return ov.Model([ops.result(mean)], [ids], "bert")

    def _embedding(self, ids: ov.Node) -> ov.Node:
        words = ops.gather(self._constant("embeddings.word_embeddings.weight"), ids, np.int32(0))
        n_tokens = ops.gather(ops.shape_of(ids, output_type="i32"), np.array([1], np.int32), np.int32(0))
        # All tokens are of the first of BERT's two sentences, so its vector is added to every position.
        table = (
            self.weights["embeddings.position_embeddings.weight"]
            + self.weights["embeddings.token_type_embeddings.weight"][0]
        )
        zero, one = np.array([0], np.int32), np.array([1], np.int32)
        positions = ops.slice(ops.constant(table), zero, n_tokens, one, zero)
        return self._layer_norm("embeddings.LayerNorm.", ops.add(words, positions))

    def _layer(self, name: str, hidden: ov.Node) -> ov.Node:
        attended = self._linear(f"{name}attention.output.dense.", self._attention(name, hidden))
        hidden = self._layer_norm(f"{name}attention.output.LayerNorm.", ops.add(attended, hidden))
        inner = ops.gelu(self._linear(f"{name}intermediate.dense.", hidden), "ERF")
        outer = self._linear(f"{name}output.dense.", inner)
        return self._layer_norm(f"{name}output.LayerNorm.", ops.add(outer, hidden))

    def _attention(self, name: str, hidden: ov.Node) -> ov.Node:
        swap_heads_and_tokens = np.array([0, 2, 1, 3], np.int32)
        by_head = [
            ops.transpose(
                ops.reshape(
                    self._linear(f"{name}attention.self.{part}.", hidden),
                    np.array([0, 0, self.n_heads, -1], np.int32),
                    special_zero=True,
                ),
                swap_heads_and_tokens,
            )
            for part in ("query", "key", "value")
        ]
        attended = ops.scaled_dot_product_attention(*by_head, causal=False)
        by_token = ops.transpose(attended, swap_heads_and_tokens)
        return ops.reshape(by_token, np.array([0, 0, -1], np.int32), special_zero=True)

    def _linear(self, name: str, inputs: ov.Node) -> ov.Node:
        weights = self.weights[f"{name}weight"]
        factor = ops.constant(weights) if self.group_size is None else quantized(weights, self.group_size)
        product = ops.matmul(inputs, factor, transpose_a=False, transpose_b=True)
        return ops.add(product, self._constant(f"{name}bias"))

    def _layer_norm(self, name: str, inputs: ov.Node) -> ov.Node:
        last_axis = np.array([-1], np.int32)
        normalised = ops.mvn(inputs, last_axis, True, LAYER_NORM_EPSILON, "inside_sqrt")
        scaled = ops.multiply(normalised, self._constant(f"{name}weight"))
        return ops.add(scaled, self._constant(f"{name}bias"))

    def _constant(self, name: str) -> ov.Node:
        return ops.constant(self.weights[name])


def quantized(weights: NDArray[np.float32], group_size: int) -> ov.Node:
    """Hold a matrix as int8 and a scale for each row and ``group_size`` columns; the node gives it back."""
    n_outputs, n_inputs = weights.shape
    groups = weights.reshape(n_outputs, n_inputs // group_size, group_size)
    scales = np.abs(groups).max(axis=2, keepdims=True) / INT8_LARGEST
    scales[scales == 0] = 1.0
    rounded = np.rint(groups / scales).astype(np.int8)
    restored = ops.multiply(
        ops.convert(ops.constant(rounded), "f32"), ops.constant(scales.astype(np.float32))
    )
    return ops.reshape(restored, np.array([n_outputs, n_inputs], np.int32), special_zero=False)
