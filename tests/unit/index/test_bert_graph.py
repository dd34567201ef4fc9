import numpy as np
import openvino as ov
import pytest
from openvino import opset13 as ops

from app.index.bert_graph import quantized
from app.index.minilm import INT8_GROUP_SIZE

WIDTHS_OF_MINILM = [384, 1536]
N_OUTPUTS = 384


def multiplied_by_engine(rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    inputs = ops.parameter([-1, weights.shape[1]], np.float32)
    product = ops.matmul(inputs, quantized(weights, INT8_GROUP_SIZE), transpose_a=False, transpose_b=True)
    settings = {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0}
    compiled = ov.Core().compile_model(ov.Model([ops.result(product)], [inputs], "product"), "CPU", settings)
    found: np.ndarray = compiled([rows])[0]
    return found


def rounded_to_int8(weights: np.ndarray) -> np.ndarray:
    groups = weights.reshape(len(weights), -1, INT8_GROUP_SIZE)
    scales = np.abs(groups).max(axis=2, keepdims=True) / 127
    return (np.rint(groups / scales) * scales).reshape(weights.shape)


class TestQuantized:
    @pytest.mark.parametrize("n_inputs", WIDTHS_OF_MINILM)
    @pytest.mark.parametrize("n_rows", [1, 64, 65, 300])
    def test_multiplies_any_number_of_rows_by_the_rounded_weights(self, n_inputs: int, n_rows: int) -> None:
        random = np.random.default_rng(7)
        weights = random.normal(size=(N_OUTPUTS, n_inputs)).astype(np.float32)
        rows = random.normal(size=(n_rows, n_inputs)).astype(np.float32)
        expected = rows @ rounded_to_int8(weights).T
        np.testing.assert_allclose(multiplied_by_engine(rows, weights), expected, rtol=0, atol=2e-3)
