package dev.blindsight.trainer.onnx.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;

/** What a tensor holds. */
public enum ElementType {
  FLOAT32(DataType.FLOAT),
  UINT8(DataType.UINT8),
  INT8(DataType.INT8),
  INT32(DataType.INT32),
  INT64(DataType.INT64),
  BOOLEAN(DataType.BOOL);

  private final DataType dataType;

  ElementType(DataType dataType) {
    this.dataType = dataType;
  }

  /** The number by which ONNX files name this type. */
  int number() {
    return dataType.getNumber();
  }
}
