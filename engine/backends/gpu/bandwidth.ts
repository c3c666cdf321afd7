import type { Formula } from '../../formula/node.ts';
import type { GpuDevice } from './device.ts';
import { parameterBytes, workgroupsOf, writeParameters } from './dispatch.ts';
import { aligned, octet } from './parameters.ts';
import { pipelinesOf } from './pipelines.ts';
import type { TrustedRange } from './range.ts';

export interface Bandwidth {
  /** Bytes read and written a second. */
  readonly kernel: number;
  /** Of a kernel that only copies, on as many bytes. */
  readonly copy: number;
}

const copyCode = (workgroupSize: number): string => `
@group(0) @binding(0) var<storage, read> operands: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> stored: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> P: array<u32>;
@group(0) @binding(3) var<storage, read_write> flags: atomic<u32>;
@compute @workgroup_size(${workgroupSize})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) workgroups: vec3<u32>) {
  for (var at = id.x; at < P[0]; at += workgroups.x * ${workgroupSize}u) { stored[at] = operands[at]; }
}`;

/** Times a map kernel over buffers that stay on the device, and a plain copy of as many bytes: best of a few rounds. */
export async function measureBandwidth(
  gpu: GpuDevice,
  {
    formula,
    uniforms,
    range,
    elements,
    dispatches,
  }: {
    readonly formula: Formula;
    readonly uniforms: Uint32Array;
    readonly range: TrustedRange;
    readonly elements: number;
    readonly dispatches: number;
  },
): Promise<Bandwidth> {
  const { device } = gpu;
  const pipelines = pipelinesOf(device, gpu);
  const kernel = await pipelines.compiled(formula);
  let operandBytes = 0;
  const operandOffsets = formula.operandWidths.map((width) => {
    const at = operandBytes;
    operandBytes += aligned((elements * (width ?? 0)) / 8);
    return at;
  });
  const outputBytes = aligned((elements * kernel.outputWidth) / 8);
  const moved = operandBytes + outputBytes;
  const copied = aligned(moved / 2);
  const parameters = new Uint32Array(parameterBytes(formula) / 4);
  const whole = { elements, dispatchElements: Math.ceil(elements / octet) * octet };
  writeParameters(
    { formula, uniforms, ...whole, firstElement: 0, operandOffsets, range },
    parameters,
  );

  const { COPY_DST, STORAGE } = GPUBufferUsage;
  const buffer = (size: number): GPUBuffer =>
    device.createBuffer({ size, usage: STORAGE | COPY_DST });
  const buffers = [
    buffer(Math.max(operandBytes, copied)),
    buffer(Math.max(outputBytes, copied)),
    buffer(parameters.byteLength),
    buffer(4),
  ] as const;
  fillOrdinary(device, buffers[0]);
  const group = device.createBindGroup({
    layout: pipelines.layout,
    entries: buffers.map((each, binding) => ({ binding, resource: { buffer: each } })),
  });
  const copyPipeline = await device.createComputePipelineAsync({
    layout: device.createPipelineLayout({ bindGroupLayouts: [pipelines.layout] }),
    compute: { module: device.createShaderModule({ code: copyCode(gpu.workgroupSize) }) },
  });

  const time = async (
    pipeline: GPUComputePipeline,
    words: Uint32Array<ArrayBuffer>,
    workgroups: number,
  ): Promise<number> => {
    device.queue.writeBuffer(buffers[2], 0, words);
    let best = Infinity;
    for (let round = 0; round < 6; round++) {
      await device.queue.onSubmittedWorkDone();
      const started = performance.now();
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      for (let i = 0; i < dispatches; i++) pass.dispatchWorkgroups(workgroups);
      pass.end();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
      best = Math.min(best, (performance.now() - started) / 1000);
    }
    return best;
  };
  const vectors = copied / 16;
  const copySeconds = await time(
    copyPipeline,
    new Uint32Array([vectors]),
    Math.min(gpu.workgroups, Math.ceil(vectors / gpu.workgroupSize)),
  );
  const kernelSeconds = await time(kernel.pipeline, parameters, workgroupsOf(whole, 0, gpu));
  for (const each of buffers) each.destroy();
  return {
    kernel: (moved * dispatches) / kernelSeconds,
    copy: (2 * copied * dispatches) / copySeconds,
  };
}

/** Words that are ordinary weights in f32 and, both halves, in bf16. */
function fillOrdinary(device: GPUDevice, into: GPUBuffer): void {
  const piece = new Uint32Array(65536).map((_, i) => 0x3c003c00 + (i & 0xff) * 0x00010001);
  for (let at = 0; at < into.size; at += piece.byteLength)
    device.queue.writeBuffer(into, at, piece, 0, Math.min(piece.length, (into.size - at) / 4));
}
