import type { Formula } from '../../formula/node.ts';
import { moduleBytes, type EmittedFunction } from './assembler.ts';
import { Group } from './group.ts';
import { control, i32, i32x4, local, v128 } from './instructions.ts';
import { Scope, type Valid } from './scope.ts';
import { sinkEmitter } from './sinks.ts';

/**
 * A formula as a WebAssembly module: `run(block)` works on one call's elements (see `callLayout`), its memory is `env.memory`.
 * Elements go in groups of eight, as an even and an odd half of four lanes: packed 16-bit words fall apart by one shift and
 * one mask, and come together by one `or`. The last few elements are computed as a group and masked.
 */
export function emitModule(
  formula: Formula,
  memory: { readonly shared: boolean },
): Uint8Array<ArrayBuffer> {
  return moduleBytes([emitRun(formula)], memory);
}

function emitRun(formula: Formula): EmittedFunction {
  const scope = new Scope(formula);
  const { code, layout } = scope;
  scope.prologue();
  new Group(scope).hoist();
  const sinks = formula.sinks.map((sink, index) => sinkEmitter(scope, sink, layout.sinks[index]!));
  const group = (valid: Valid): void => {
    const lanes = new Group(scope);
    lanes.load();
    for (const sink of sinks) sink.group(lanes, valid);
  };
  const remaining = scope.local('i32');

  local.tee(i32.load(local.get(code, 0), layout.groups), remaining);
  control.when(code);
  control.loop(code);
  group(undefined);
  scope.advance();
  for (const sink of sinks) sink.advance();
  local.tee(i32.sub(i32.const(local.get(code, remaining), 1)), remaining);
  control.branchIf(code, 0);
  control.end(code);
  control.end(code);

  const valid = { even: scope.local('v128'), odd: scope.local('v128') };
  local.tee(i32.load(local.get(code, 0), layout.tail), remaining);
  control.when(code);
  i32x4.splat(local.get(code, remaining));
  local.set(i32x4.gtS(v128.const(code, [0, 2, 4, 6])), valid.even);
  i32x4.splat(local.get(code, remaining));
  local.set(i32x4.gtS(v128.const(code, [1, 3, 5, 7])), valid.odd);
  group(valid);
  control.end(code);

  for (const sink of sinks) sink.epilogue();
  return { name: 'run', locals: scope.locals, body: code };
}
