/**
 * WebGPU as a test wants it: its kernels are read by the oracle, from the same buffers and parameters that a device is given, and
 * it fails in the way and at the slice that the test says. It needs no GPU, no driver and no bindings. It is long because WebGPU's
 * objects are many, and one without the others is of no use.
 */
import type { Formula } from '../../formula/node.ts';
import { openDevice, type OpenGpu } from './device.ts';
import { oracleSlice, type OracleSlice } from './oracle-slice.ts';
import { flag, octet, uniformsAt, word } from './parameters.ts';
import { probeVectors } from './probe-vectors.ts';
import { emitWgsl } from './wgsl.ts';

/** What goes wrong with a slice. */
export type GpuFault =
  /** The driver takes the device away; what waits for its memory is turned away. */
  | 'lost'
  /** The memory of this one slice cannot be mapped. */
  | 'map rejected'
  /** The device reports an error that belongs to no call. */
  | 'uncaptured error'
  | 'out of memory'
  | 'internal error'
  /** It does not come back. */
  | 'hang';

export interface TestGpuOptions {
  /** The formulas of the run, besides those of the probe. */
  readonly formulas: readonly Formula[];
  /** By device, in order of opening: its faults, by slice after the probe. */
  readonly faults?: readonly Readonly<Record<number, GpuFault>>[];
  /** Devices whose probe gives a wrong word. */
  readonly wrong?: readonly number[];
  /** Devices that cannot be opened. */
  readonly absent?: readonly number[];
  /** Devices whose kernels do not compile after the probe, and why. */
  readonly uncompiled?: Readonly<Record<number, GPUPipelineErrorReason>>;
  /** Larger buffers are more than there is memory for. */
  readonly largestBuffer?: number;
  /** Called as a slice is submitted. */
  readonly onSlice?: (device: number, slice: number) => void;
}

export interface TestGpu {
  /** As a page has it. */
  readonly gpu: GPU;
  readonly open: OpenGpu;
  /** Of every device, the slices that it was given after its probe. */
  readonly slices: readonly number[];
  /** Of every slice, in how many dispatches it came. */
  readonly dispatches: readonly number[];
  readonly destroyed: readonly boolean[];
  /** Bytes of all buffers that are there. */
  bufferBytes(): number;
}

const workgroupSize = 256;

export function testGpu(options: TestGpuOptions): TestGpu {
  nameConstants();
  const formulas = new Map(
    [...options.formulas, ...probeVectors.map(({ formula }) => formula)].map((formula) => [
      emitWgsl(formula, { workgroupSize }).code,
      formula,
    ]),
  );
  const shared = {
    slices: [] as number[],
    dispatches: [] as number[],
    destroyed: [] as boolean[],
    bytes: 0,
    formulas,
    options,
  };
  const gpu = { requestAdapter } as unknown as GPU;
  return {
    gpu,
    slices: shared.slices,
    dispatches: shared.dispatches,
    destroyed: shared.destroyed,
    bufferBytes: () => shared.bytes,
    open: (open, signal) => openDevice(gpu, open, signal),
  };

  async function requestAdapter(): Promise<object | null> {
    const index = shared.slices.length;
    shared.slices.push(0);
    shared.destroyed.push(false);
    if (options.absent?.includes(index) === true) return null;
    const limits = { maxStorageBufferBindingSize: 1 << 27, maxBufferSize: 1 << 28 };
    return {
      info: { description: 'Test GPU', vendor: 'test', isFallbackAdapter: false },
      limits,
      requestDevice: async () => device(shared, index, limits),
    };
  }
}

interface Shared {
  readonly slices: number[];
  readonly dispatches: number[];
  readonly destroyed: boolean[];
  bytes: number;
  readonly formulas: ReadonlyMap<string, Formula>;
  readonly options: TestGpuOptions;
}

interface TestBuffer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What was handed out of it: gone when it is unmapped. */
  range?: ArrayBuffer;
  state: 'unmapped' | 'mapped' | 'destroyed';
  fault?: GpuFault;
  /** Turns away who waits for its memory. */
  reject?: (error: Error) => void;
}

type Command = (fault: GpuFault | undefined) => void;

/** The error of the scope that a fault belongs to. */
const scopes: Partial<Record<GpuFault, GPUErrorFilter>> = {
  'out of memory': 'out-of-memory',
  'internal error': 'internal',
};

function device(gpu: Shared, index: number, limits: object): object {
  const { options, formulas } = gpu;
  const open: { readonly filter: GPUErrorFilter; error: object | null }[] = [];
  const buffers = new Set<TestBuffer>();
  const listeners: ((event: object) => void)[] = [];
  let lose: (info: object) => void = () => undefined;
  const lost = new Promise<object>((resolve) => (lose = resolve));
  let submitted = 0;
  let isGone = false;

  const report = (filter: GPUErrorFilter, message: string): void => {
    const scope = open.findLast((one) => one.filter === filter);
    if (scope !== undefined) scope.error = { message };
    else for (const listener of listeners) listener({ error: { message } });
  };
  const turnAway = (): void => {
    isGone = true;
    for (const buffer of buffers) {
      gpu.bytes -= buffer.bytes.length;
      buffer.state = 'destroyed';
      buffer.range?.transfer();
      buffer.reject?.(new DOMException('the device is gone', 'AbortError'));
    }
    buffers.clear();
  };
  const isProbing = (): boolean => submitted < probeVectors.length;
  const nextFault = (): GpuFault | undefined => {
    if (isProbing()) return undefined;
    const slice = gpu.slices[index]!++;
    options.onSlice?.(index, slice);
    return options.faults?.[index]?.[slice];
  };
  const strike = (fault: GpuFault): void => {
    const scope = scopes[fault];
    if (scope !== undefined) report(scope, `a test's ${fault}`);
    if (fault === 'uncaptured error')
      for (const listener of listeners) listener({ error: { message: "a test's error" } });
    if (fault !== 'lost') return;
    turnAway();
    lose({ reason: 'unknown', message: 'a test took it' });
  };

  const one = {
    limits,
    lost,
    addEventListener: (_: string, listener: (event: object) => void) => listeners.push(listener),
    destroy() {
      gpu.destroyed[index] = true;
      turnAway();
      lose({ reason: 'destroyed', message: '' });
    },
    pushErrorScope: (filter: GPUErrorFilter) => void open.push({ filter, error: null }),
    popErrorScope: async () => open.pop()!.error,
    createShaderModule: ({ code }: { readonly code: string }) => code,
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createBindGroup: ({ entries }: { readonly entries: readonly { resource: Binding }[] }) =>
      entries.map(({ resource }) => resource),
    async createComputePipelineAsync({ compute }: { readonly compute: { module: string } }) {
      const reason = options.uncompiled?.[index];
      if (reason !== undefined && !isProbing())
        throw Object.assign(new DOMException('a test does not compile it', 'GPUPipelineError'), {
          reason,
        });
      const formula = formulas.get(compute.module);
      if (formula === undefined)
        throw new Error('a kernel of a formula that the test did not name');
      return formula;
    },
    createBuffer({ size, mappedAtCreation }: GPUBufferDescriptor): object {
      const isTooLarge = size > (options.largestBuffer ?? Infinity);
      if (isTooLarge) report('out-of-memory', 'a test has no more');
      const buffer: TestBuffer = {
        bytes: new Uint8Array(isTooLarge ? 0 : size),
        state: mappedAtCreation === true ? 'mapped' : 'unmapped',
      };
      if (isTooLarge && mappedAtCreation === true) throw new RangeError('a test has no more');
      buffers.add(buffer);
      gpu.bytes += buffer.bytes.length;
      return {
        buffer,
        getMappedRange(offset = 0, length = buffer.bytes.length - offset): ArrayBuffer {
          if (buffer.state !== 'mapped') throw new DOMException('not mapped', 'OperationError');
          // What is written is a whole buffer; of one that is read a copy does.
          const isWhole = offset === 0 && length === buffer.bytes.length;
          const { bytes } = buffer;
          return (buffer.range = isWhole
            ? bytes.buffer
            : bytes.slice(offset, offset + length).buffer);
        },
        mapAsync: () => mapping(buffer),
        unmap() {
          if (buffer.state === 'mapped') buffer.state = 'unmapped';
        },
        destroy() {
          if (buffers.delete(buffer)) gpu.bytes -= buffer.bytes.length;
          buffer.state = 'destroyed';
          buffer.reject?.(new DOMException('it was destroyed', 'AbortError'));
        },
      };
    },
    createCommandEncoder: () =>
      encoder(gpu, () => ({
        isProbe: isProbing(),
        isWrong: isProbing() && options.wrong?.includes(index) === true,
      })),
    queue: {
      submit([commands]: readonly (readonly Command[])[]) {
        if (isGone) return;
        const fault = nextFault();
        submitted++;
        for (const command of commands!) command(fault);
        if (fault !== undefined) strike(fault);
      },
    },
  };
  return one;

  async function mapping(buffer: TestBuffer): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      buffer.reject = reject;
      if (buffer.state === 'destroyed' || buffer.fault === 'map rejected')
        reject(new DOMException("a test's mapping is rejected", 'OperationError'));
      else if (buffer.fault !== 'hang') setImmediate(resolve);
    });
    buffer.state = 'mapped';
  }
}

interface Binding {
  readonly buffer: { readonly buffer: TestBuffer };
  readonly offset?: number;
}
type Handle = Binding['buffer'];

function encoder(gpu: Shared, kind: () => DispatchKind): object {
  const commands: Command[] = [];
  let dispatches = 0;
  let formula: Formula | undefined;
  let group: readonly Binding[] = [];
  return {
    copyBufferToBuffer(from: Handle, at: number, to: Handle, into: number, size: number) {
      commands.push((fault) => {
        to.buffer.bytes.set(from.buffer.bytes.subarray(at, at + size), into);
        if (fault !== undefined) to.buffer.fault = fault;
      });
    },
    clearBuffer: ({ buffer }: Handle) => commands.push(() => buffer.bytes.fill(0)),
    beginComputePass: () => ({
      setPipeline: (pipeline: Formula) => (formula = pipeline),
      setBindGroup: (_: number, bound: readonly Binding[]) => (group = bound),
      dispatchWorkgroups() {
        dispatches++;
        const call = { formula: formula!, group, ...kind() };
        commands.push(() => dispatch(call));
      },
      end: () => undefined,
    }),
    finish() {
      gpu.dispatches.push(dispatches);
      return commands;
    },
  };
}

interface DispatchKind {
  /** The probe asks the same of every device: its answers are computed once. */
  readonly isProbe: boolean;
  readonly isWrong: boolean;
}

interface Dispatch extends DispatchKind {
  readonly formula: Formula;
  readonly group: readonly Binding[];
}

const probed = new Map<string, OracleSlice>();

/** Rows of the probe repeat from the start: what comes first tells vectors of one formula apart. */
function keyOf(
  { key }: Formula,
  { uniforms, operands }: Pick<Parameters<typeof oracleSlice>[1], 'uniforms' | 'operands'>,
): string {
  return [key, uniforms, ...operands.map((bytes) => bytes.subarray(0, 256))].join('/');
}

/** What the kernel does, on the buffers that it is bound to. */
function dispatch({ formula, group, isProbe, isWrong }: Dispatch): void {
  const [operands, output, parameters, flags] = group.map(({ buffer }) => buffer.buffer.bytes);
  const P = new Uint32Array(parameters!.buffer, group[2]!.offset ?? 0);
  const end = Math.min(P[word.elements]!, P[word.endOctet]! * octet);
  const pair = P[word.counterHigh]! * 4294967296 + P[word.counterLow]!;
  // The oracle counts its draws from whole blocks: between two of them the lower word of the counter does not run over.
  const carry = (Math.ceil((pair + 1) / 4294967296) * 4294967296 - pair) * 2;
  for (let from = P[word.firstOctet]! * octet; from < end;) {
    const to = from < carry ? Math.min(carry, end) : end;
    const slice = {
      uniforms: P.slice(uniformsAt(formula), uniformsAt(formula) + formula.uniformCount),
      operands: formula.operandWidths.map((loaded, operand) => {
        const width = loaded ?? 0;
        const at = P[word.operands + operand]! * 16 + (from * width) / 8;
        return operands!.slice(at, at + ((to - from) * width) / 8);
      }),
      elements: to - from,
      firstElement: 2 * pair + from,
    };
    const key = isProbe && to === end && from === 0 ? keyOf(formula, slice) : undefined;
    const found = (key === undefined ? undefined : probed.get(key)) ?? oracleSlice(formula, slice);
    if (key !== undefined) probed.set(key, found);
    const width = found.output.length / slice.elements;
    output!.set(found.output, from * width);
    if (isWrong) output![from * width]! ^= 1;
    if (found.nonFinite) flags![0]! |= flag.nonFinite;
    from = to;
  }
}

/** Names that browsers and bindings define. */
function nameConstants(): void {
  const names = globalThis as Record<string, unknown>;
  names['GPUMapMode'] ??= { READ: 1, WRITE: 2 };
  names['GPUShaderStage'] ??= { VERTEX: 1, FRAGMENT: 2, COMPUTE: 4 };
  names['GPUBufferUsage'] ??= {
    MAP_READ: 1,
    MAP_WRITE: 2,
    COPY_SRC: 4,
    COPY_DST: 8,
    INDEX: 16,
    VERTEX: 32,
    UNIFORM: 64,
    STORAGE: 128,
    INDIRECT: 256,
    QUERY_RESOLVE: 512,
  };
}
