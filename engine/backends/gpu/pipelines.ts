import type { Formula } from '../../formula/node.ts';
import { emitWgsl, type WgslKernel } from './wgsl.ts';

export interface CompiledKernel extends WgslKernel {
  readonly pipeline: GPUComputePipeline;
}

export interface Pipelines {
  readonly layout: GPUBindGroupLayout;
  /** Compiled once for each WGSL text. A text that does not compile is a bug, and rejects. */
  compiled(formula: Formula): Promise<CompiledKernel>;
}

/** Kernels of a device, kept by their text: formulas that differ in nothing but their uniforms share one. */
export function pipelinesOf(
  device: GPUDevice,
  { workgroupSize }: { readonly workgroupSize: number },
): Pipelines {
  const layout = bindingLayout(device);
  const pipelineLayout = device.createPipelineLayout({ bindGroupLayouts: [layout] });
  const byFormula = new Map<string, WgslKernel>();
  const byText = new Map<string, Promise<GPUComputePipeline>>();
  return {
    layout,
    async compiled(formula) {
      const kernel = byFormula.get(formula.key) ?? emitWgsl(formula, { workgroupSize });
      byFormula.set(formula.key, kernel);
      const { code, entryPoint } = kernel;
      const pending =
        byText.get(code) ??
        device.createComputePipelineAsync({
          layout: pipelineLayout,
          compute: { module: device.createShaderModule({ code }), entryPoint },
        });
      byText.set(code, pending);
      return { ...kernel, pipeline: await pending };
    },
  };
}

function bindingLayout(device: GPUDevice): GPUBindGroupLayout {
  const types = ['read-only-storage', 'storage', 'read-only-storage', 'storage'] as const;
  return device.createBindGroupLayout({
    entries: types.map((type, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type },
    })),
  });
}
