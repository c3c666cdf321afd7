import type { Formula, Node } from '../../formula/node.ts';
import { uniformsAt } from './parameters.ts';

/** Whether the node is another name of its operand: the same bits. */
export function isAlias(node: Node): boolean {
  return node.op === 'bits' || node.op === 'float' || node.op === 'border';
}

export function nameOf(node: Node): string {
  return isAlias(node) ? nameOf(node.args[0]!) : `n${node.id}`;
}

/** The right side of a node's `let`: a `let` is no constant expression, so nothing is evaluated by the compiler's front. */
export function expression(formula: Formula, node: Node): string {
  const [a, b, c] = node.args.map(nameOf) as [string, string, string];
  switch (node.op) {
    case 'load':
      return `raw${node.imm}`;
    case 'uni':
      return splatOf(`P[${uniformsAt(formula) + node.imm}]`);
    case 'const':
      return splat(node.imm);
    case 'idx':
      return 'index';
    case 'draw':
      return `drawn${node.imm}`;
    case 'kept':
      throw new Error('no mask is kept for a GPU');
    case 'fadd':
      return `add(${a}, ${b})`;
    case 'fsub':
      return `sub(${a}, ${b})`;
    case 'fmul':
      return `mul(${a}, ${b})`;
    case 'fdiv':
      return `divide(${a}, ${b})`;
    case 'fsqrt':
      return `squareRoot(${a})`;
    case 'u2f':
      return `toFloat(${a})`;
    case 'and':
    case 'mand':
      return `${a} & ${b}`;
    case 'or':
    case 'mor':
      return `${a} | ${b}`;
    case 'xor':
      return `${a} ^ ${b}`;
    case 'shl':
      return isHighHalf(formula, node) ? `high${node.args[0]!.imm}` : `${a} << ${splat(node.imm)}`;
    case 'shr':
      return `${a} >> ${splat(node.imm)}`;
    case 'sar':
      return `bitcast<vec4<u32>>(bitcast<vec4<i32>>(${a}) >> ${splat(node.imm)})`;
    case 'iadd':
      return `${a} + ${b}`;
    case 'isub':
      return `${a} - ${b}`;
    case 'imul':
      return `${a} * ${b}`;
    case 'minU':
      return `min(${a}, ${b})`;
    case 'maxU':
      return `max(${a}, ${b})`;
    case 'minS':
      return `bitcast<vec4<u32>>(min(bitcast<vec4<i32>>(${a}), bitcast<vec4<i32>>(${b})))`;
    case 'maxS':
      return `bitcast<vec4<u32>>(max(bitcast<vec4<i32>>(${a}), bitcast<vec4<i32>>(${b})))`;
    case 'gtS':
      return `bitcast<vec4<i32>>(${a}) > bitcast<vec4<i32>>(${b})`;
    case 'ltU':
      return `${a} < ${b}`;
    case 'eqU':
      return `${a} == ${b}`;
    case 'mnot':
      return `!${a}`;
    case 'selU':
    case 'selF':
      return `select(${c}, ${b}, ${a})`;
    case 'm2u':
      return `select(vec4<u32>(0u), vec4<u32>(1u), ${a})`;
    case 'addM':
      return `${a} + select(vec4<u32>(0u), vec4<u32>(1u), ${b})`;
    case 'bits':
    case 'float':
    case 'border':
      throw new Error(`${node.op} has its operand's name`);
  }
}

export function splat(value: number): string {
  return splatOf(`0x${(value >>> 0).toString(16)}u`);
}

export function splatOf(scalar: string): string {
  return `vec4<u32>(${scalar})`;
}

export function vector(values: readonly number[]): string {
  return `vec4<u32>(${values.map((value) => `${value}u`).join(', ')})`;
}

/** Whether the node is a packed bf16 word widened: in pairs of words it is the f32's high half already. */
export function isHighHalf(formula: Formula, node: Node): boolean {
  const raw = node.args[0];
  if (node.op !== 'shl' || node.imm !== 16 || raw?.op !== 'load') return false;
  return formula.operandWidths[raw.imm] === 16;
}
