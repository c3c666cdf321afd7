import type { Catalogue } from '../../grammar/catalogue.ts';
import { toLora } from './adapters/to-lora.ts';
import { addPerpendicular } from './arithmetic/add-perpendicular.ts';
import { taskArithmetic } from './arithmetic/task-arithmetic.ts';
import { average } from './averaging/average.ts';
import { fisherAverage } from './averaging/fisher-average.ts';
import { lerp } from './averaging/lerp.ts';
import { linear } from './averaging/linear.ts';
import { modelStock } from './averaging/model-stock.ts';
import { nearswap } from './averaging/nearswap.ts';
import { cast } from './elementary/cast.ts';
import { scale } from './elementary/scale.ts';
import { arceeFusion } from './interference/arcee-fusion.ts';
import { breadcrumbs } from './interference/breadcrumbs.ts';
import { breadcrumbsTies } from './interference/breadcrumbs-ties.ts';
import { dare } from './interference/dare.ts';
import { dareLinear } from './interference/dare-linear.ts';
import { dareTies } from './interference/dare-ties.ts';
import { della } from './interference/della.ts';
import { dellaLinear } from './interference/della-linear.ts';
import { ram } from './interference/ram.ts';
import { ramplusTl } from './interference/ramplus-tl.ts';
import { sce } from './interference/sce.ts';
import { ties } from './interference/ties.ts';
import { trim } from './interference/trim.ts';
import type { LaterMethod, Method } from './method.ts';
import { karcher } from './spherical/karcher.ts';
import { multislerp } from './spherical/multislerp.ts';
import { nuslerp } from './spherical/nuslerp.ts';
import { slerp } from './spherical/slerp.ts';
import { moe } from './structure/moe.ts';

/** Every method that runs, in the order in which they are listed. */
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
  toLora,
];

export const methods: ReadonlyMap<string, Method> = new Map(
  all.map((method) => [method.name, method]),
);

/** Methods that are checked now and run later. */
const later: readonly LaterMethod[] = [
  nuslerp,
  multislerp,
  karcher,
  nearswap,
  modelStock,
  fisherAverage,
  breadcrumbs,
  breadcrumbsTies,
  della,
  dellaLinear,
  sce,
  arceeFusion,
  ram,
  ramplusTl,
  addPerpendicular,
  moe,
];

/** All of them, as the language sees them. */
export const catalogue: Catalogue = new Map(
  [...all, ...later].map((method) => [method.name, method]),
);
