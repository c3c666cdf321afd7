import { arithmeticOf } from '../arithmetic/task-vectors.ts';
import type { Method } from '../method.ts';
import { numberOf } from '../method.ts';
import { compat, compute, t } from '../parameters.ts';

export const slerp: Method = {
  name: 'slerp',
  title: 'Spherical interpolation',
  family: 'spherical',
  inputs: { kind: 'ends', names: ['a', 'b'] },
  gives: 'experts',
  parameters: [t, compat, compute],
  summary: 'The point between two models on the arc, each tensor taken as one vector.',
  formula: 'cos Ω = ⟨a, b⟩ / ‖a‖‖b‖ · θ = sin((1 − t)Ω)/sin Ω · a + sin(tΩ)/sin Ω · b',
  reference: 'Shoemake, Animating rotation with quaternion curves, SIGGRAPH 1985',
  example: 'merge arc = slerp(math, code, t: curve(0, 1))',
  build(composer, call) {
    const { graph } = composer;
    // That tool rounds what it reads and what it stores, and computes the arc between in f32.
    const { load: round } = arithmeticOf(composer, call);
    const [a, b] = [round(call.inputs[0]!), round(call.inputs[1]!)];
    const sums = [composer.dot(a, a), composer.dot(b, b), composer.dot(a, b)] as const;
    const at = composer.number(numberOf(call, 't'));
    const mergekit = call.compat === 'mergekit';
    const first = composer.host(mergekit ? 'mergekitSlerpFirst' : 'slerpFirst', at, ...sums);
    const second = composer.host(mergekit ? 'mergekitSlerpSecond' : 'slerpSecond', at, ...sums);
    return round(
      graph.add(graph.mul(composer.float(first), a), graph.mul(composer.float(second), b)),
    );
  },
};
