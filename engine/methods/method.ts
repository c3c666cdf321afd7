import type { MethodSignature, ParameterValue } from '../../grammar/catalogue.ts';
import type { KernelType } from '../formula/derived.ts';
import type { FNode, MNode } from '../formula/node.ts';
import type { Words } from '../numeric/threefry.ts';
import type { Composer } from '../program/composer.ts';

/** A method of the catalogue: what the language knows of it, and its formula. */
export interface Method extends MethodSignature {
  /** The value of one tensor, from the values of its operands. */
  readonly build: (composer: Composer, call: MethodCall) => FNode;
  /** Of a linear method under `compat: paper`: what each of its inputs is multiplied by, in f64. */
  readonly coefficients?: (settings: LinearSettings) => readonly number[];
  /** What the method's masks keep of each input's change, in their order; absent where nothing is masked. */
  readonly masks?: (composer: Composer, call: MethodCall) => readonly Masked[];
}

export type LinearSettings = Pick<MethodCall, 'settings' | 'perInput'> & {
  readonly inputs: number;
};

/** A method whose signature is known and whose formula comes later: it is checked, and a run refuses it. */
export interface LaterMethod extends MethodSignature {
  readonly later: true;
}

/** A task vector under a mask, before any rescaling. */
export interface Masked {
  /** Zero where nothing was kept. */
  readonly vector: FNode;
  readonly kept: MNode;
  /** Entries exactly as large as the smallest that may be kept: which of equals stay is a convention. */
  readonly atThreshold?: MNode;
}

/** One call for one tensor, all settings known. */
export interface MethodCall {
  readonly base?: FNode;
  readonly inputs: readonly FNode[];
  /** By input, beside a base: whether it is a task vector already. Absent where none is. */
  readonly areChanges?: readonly boolean[];
  readonly settings: Readonly<Record<string, ParameterValue>>;
  readonly perInput: Readonly<Record<string, readonly ParameterValue[]>>;
  readonly compat: 'paper' | 'mergekit';
  /** The type `compat: mergekit` computes in. */
  readonly compute: KernelType;
  /** Elements over which counts and thresholds run: of the tensor, or of all tensors of the step under `scope: whole`. */
  readonly elements: number;
  /** The name under which statistics over the whole model are gathered; absent where they are the tensor's own. */
  readonly group?: string;
  /** The key of an input's draws, from 0. */
  readonly drawKey: (input: number) => Words;
}

export function numberOf(call: Pick<MethodCall, 'settings'>, parameter: string): number {
  return Number(call.settings[parameter]);
}

export function wordOf(call: MethodCall, parameter: string): string {
  return String(call.settings[parameter]);
}

export function flagOf(call: Pick<MethodCall, 'settings'>, parameter: string): boolean {
  return call.settings[parameter] === true;
}

export function numbersOf(
  call: Pick<MethodCall, 'perInput'>,
  parameter: string,
): readonly number[] {
  return (call.perInput[parameter] ?? []).map(Number);
}
