import subprocess
import sys

HEAVY = (
    "torch",
    "faiss",
    "sentence_transformers",
    "openvino",
    "onnxruntime",
    "sklearn",
    "scipy",
    "tokenizers",
    "openai",
)


class TestImportingTheApplication:
    def test_loads_no_heavy_library(self) -> None:
        look = f"import sys, app.main; print([name for name in {HEAVY!r} if name in sys.modules])"
        found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
        assert found.stdout.strip() == "[]"
