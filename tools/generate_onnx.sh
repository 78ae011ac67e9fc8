#!/bin/sh
# Generates src/onnx/onnx_pb.ts from onnx.proto of the PyPI package onnx with protoc-gen-es. Needs npm, and a Python with that
# package:
#
#     tools/generate_onnx.sh venv/bin/python
set -eu
python=${1:?expected a Python that has the package onnx}
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
npm install --silent --ignore-scripts --prefix "$folder" \
  @bufbuild/buf@1.75.0 @bufbuild/protoc-gen-es@2.17.0 @bufbuild/protobuf@2.17.0
cp "$("$python" -c 'import onnx, pathlib; print(pathlib.Path(onnx.__file__).with_name("onnx.proto"))')" "$folder"
cat > "$folder/buf.gen.yaml" << 'END'
version: v2
inputs: [{ proto_file: onnx.proto }]
plugins: [{ local: node_modules/.bin/protoc-gen-es, out: ., opt: [target=ts] }]
END
(cd "$folder" && node_modules/.bin/buf generate)
cp "$folder/onnx_pb.ts" src/onnx/onnx_pb.ts
deno fmt --quiet src/onnx/onnx_pb.ts
