import type { Catalogue } from '../../grammar/catalogue.ts';
import { taskArithmetic } from './arithmetic/task-arithmetic.ts';
import { average } from './averaging/average.ts';
import { lerp } from './averaging/lerp.ts';
import { linear } from './averaging/linear.ts';
import { cast } from './elementary/cast.ts';
import { scale } from './elementary/scale.ts';
import { dare } from './interference/dare.ts';
import { dareLinear } from './interference/dare-linear.ts';
import { dareTies } from './interference/dare-ties.ts';
import { ties } from './interference/ties.ts';
import { trim } from './interference/trim.ts';
import type { Method } from './method.ts';
import { slerp } from './spherical/slerp.ts';

/** Every method, in the order in which they are listed. */
const all: readonly Method[] = [
  average,
  linear,
  lerp,
  slerp,
  taskArithmetic,
  ties,
  dare,
  trim,
  dareLinear,
  dareTies,
  scale,
  cast,
];

export const methods: ReadonlyMap<string, Method> = new Map(
  all.map((method) => [method.name, method]),
);

/** The same as the language sees it. */
export const catalogue: Catalogue = methods;
