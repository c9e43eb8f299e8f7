#!/usr/bin/env python3
# Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
"""Converts a TensorFlow.js layers model to ONNX: the layers that super-resolution networks have.

usage: convert.py <model.json> <output.onnx>

What it relies on in the format: `weightsManifest` lists the tensors in the order of the bytes in the
concatenated .bin files; a tensor quantised to uint8 is q * scale + min; kernels are HWIO; a layer's
inputs are named in `inbound_nodes`.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def read_weights(folder, manifest):
    """All tensors of a weights manifest, by name, as float32."""
    tensors = {}
    for group in manifest:
        data = b"".join((folder / path).read_bytes() for path in group["paths"])
        offset = 0
        for entry in group["weights"]:
            if entry["dtype"] != "float32":
                raise ValueError(f"{entry['name']}: {entry['dtype']} instead of float32")
            quantization = entry.get("quantization")
            stored = np.dtype(quantization["dtype"] if quantization else "float32")
            count = int(np.prod(entry["shape"], dtype=np.int64))
            values = np.frombuffer(data, stored.newbyteorder("<"), count, offset)
            offset += count * stored.itemsize
            if quantization:
                if quantization["dtype"] != "uint8":
                    raise ValueError(f"{entry['name']}: quantised to {quantization['dtype']}")
                # In double, rounded once.
                values = values * float(quantization["scale"]) + float(quantization["min"])
            tensors[entry["name"]] = values.astype(np.float32).reshape(entry["shape"])
        if offset != len(data):
            raise ValueError(f"{group['paths']}: {len(data)} bytes, {offset} are described")
    return tensors


class Graph:
    """ONNX nodes and constants in the making."""

    def __init__(self, weights):
        self.weights = weights
        self.nodes = []
        self.constants = []

    def constant(self, name, values):
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind, inputs, output, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))


def require(layer, **expected):
    """The settings that are not looked at otherwise must have these values."""
    for key, value in expected.items():
        if layer["config"][key] != value:
            raise ValueError(f"{layer['name']}: {key} is {layer['config'][key]}, not {value}")


def add_convolution(graph, layer, inputs):
    name, config = layer["name"], layer["config"]
    require(layer, data_format="channels_last", strides=[1, 1], dilation_rate=[1, 1], groups=1,
            activation="linear")
    kernel = graph.weights[f"{name}/kernel"].transpose(3, 2, 0, 1)  # HWIO to OIHW
    height, width = kernel.shape[2:]
    if config["padding"] == "same":
        if height % 2 == 0 or width % 2 == 0:
            raise ValueError(f"{name}: padding 'same' of an even kernel is one-sided")
        pads = [height // 2, width // 2] * 2
    else:
        require(layer, padding="valid")
        pads = [0, 0, 0, 0]
    operands = [*inputs, graph.constant(f"{name}/kernel", kernel)]
    if config["use_bias"]:
        operands.append(graph.constant(f"{name}/bias", graph.weights[f"{name}/bias"]))
    graph.node("Conv", operands, name, kernel_shape=[height, width], pads=pads)


def add_pixel_shuffle(graph, layer, inputs):
    """Depth to space, as the transposed convolution that copies each channel to its place.

    ONNX's own operator becomes a Reshape to constant sizes in some engines, which then refuse
    another input size. One and zero times a number are exact, so the result is the same.
    """
    scale = layer["config"]["scale"]
    channels = 3  # of an image
    # TensorFlow's order: input channel (y * scale + x) * channels + c goes to pixel (y, x).
    place = np.eye(scale * scale * channels, dtype=np.float32)
    place = place.reshape(-1, scale, scale, channels).transpose(0, 3, 1, 2)
    name = layer["name"]
    operands = [*inputs, graph.constant(f"{name}/place", place)]
    graph.node("ConvTranspose", operands, name, kernel_shape=[scale, scale], strides=[scale, scale])


def add_upsampling(graph, layer, inputs):
    require(layer, data_format="channels_last", interpolation="nearest")
    name = layer["name"]
    scales = np.array([1, 1, *layer["config"]["size"]], np.float32)
    operands = [*inputs, graph.constant(f"{name}/roi", np.zeros(0, np.float32)),
                graph.constant(f"{name}/scales", scales)]
    graph.node("Resize", operands, name, mode="nearest", nearest_mode="floor",
               coordinate_transformation_mode="asymmetric")


def add_layer(graph, layer, inputs):
    kind, name = layer["class_name"], layer["name"]
    if kind == "Conv2D":
        add_convolution(graph, layer, inputs)
    elif kind == "Activation":
        require(layer, activation="relu")
        graph.node("Relu", inputs, name)
    elif kind == "Concatenate":
        require(layer, axis=3)  # channels, the last axis there and the second here
        graph.node("Concat", inputs, name, axis=1)
    elif kind == "Add":
        # TensorFlow.js adds any number of tensors, ONNX two at a time.
        total = inputs[0]
        for number, other in enumerate(inputs[1:], start=1):
            output = name if number == len(inputs) - 1 else f"{name}/{number}"
            graph.node("Add", [total, other], output)
            total = output
    elif kind == "MultiplyBeta":
        beta = np.float32(layer["config"]["beta"])
        graph.node("Mul", [*inputs, graph.constant(f"{name}/beta", beta)], name)
    elif kind.startswith("PixelShuffle"):
        add_pixel_shuffle(graph, layer, inputs)
    elif kind == "UpSampling2D":
        add_upsampling(graph, layer, inputs)
    else:
        raise ValueError(f"{name}: layers of the class {kind} are not known here")


def convert(source, target):
    document = json.loads(source.read_text())
    if document["format"] != "layers-model":
        raise ValueError(f"{source}: format {document['format']}, not layers-model")
    topology = document["modelTopology"]["model_config"]["config"]
    graph = Graph(read_weights(source.parent, document["weightsManifest"]))

    for layer in topology["layers"]:
        if layer["class_name"] != "InputLayer":
            add_layer(graph, layer, [node[0] for node in layer["inbound_nodes"][0]])

    def image(name, sizes):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3, *sizes])

    # Height and width are free; engines that want numbers get them when the input is set.
    model = helper.make_model(
        helper.make_graph(graph.nodes, source.parent.name,
                          [image(topology["input_layers"][0][0], ["height", "width"])],
                          [image(topology["output_layers"][0][0], ["out_height", "out_width"])],
                          graph.constants),
        producer_name="winograd", opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 7
    onnx.checker.check_model(model)
    onnx.save(model, target)
    convolutions = sum(node.op_type == "Conv" for node in graph.nodes)
    print(f"{target.name}: {len(graph.nodes)} nodes, {convolutions} of them convolutions")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    convert(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
