"""Runs networks on ONNX Runtime: pictures in, arrays out."""
