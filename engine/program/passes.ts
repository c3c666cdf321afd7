import type { DType } from '../../grammar/places/signature.ts';
import { exponentMask, isComputed, resultType, roundToWord, widthOf } from '../formula/derived.ts';
import type { Formula, Node, Sink } from '../formula/node.ts';
import type { Program, Statistic } from './composer.ts';
import type { ScalarId } from './scalar.ts';

/** Which sink of a pass serves which statistic; a k-th value takes two passes, by the high and by the low half of its keys. */
export interface PassSink {
  readonly statistic: number;
  readonly stage: 'high' | 'low' | 'dot' | 'count' | 'quota';
}

/** One pass of a program over its tensor; passes run in order. */
export interface Pass {
  readonly formula: Formula;
  readonly sinks: readonly PassSink[];
}

/** The passes that find the statistics, those over a group left out: they are found before. */
export function statisticPasses(program: Program): readonly Pass[] {
  return passesOf(program, (statistic) => statistic.group === undefined);
}

/** The first pass of a group's statistics, or the second, which k-th values alone have. */
export type GroupStage = 'first' | 'second';

/** What one tensor adds to groups' statistics: the passes of its own that must run before, and the pass itself. */
export function groupPass(
  program: Program,
  groups: readonly string[],
  stage: GroupStage,
): { readonly before: readonly Pass[]; readonly pass: Pass } {
  const indices = groups.map((group) =>
    program.statistics.findIndex((statistic) => statistic.group === group),
  );
  const needed = new Set(indices.flatMap((index) => [...neededBy(program, index).own]));
  const sinks = indices.flatMap((index) =>
    sinksOf(program, index).slice(stage === 'first' ? 0 : 1, stage === 'first' ? 1 : 2),
  );
  return {
    before: passesOf(program, (_, candidate) => needed.has(candidate)),
    pass: {
      formula: program.graph.formula(sinks.map(({ sink }) => sink)),
      sinks: sinks.map(({ served }) => served),
    },
  };
}

/** The groups whose figures a group's statistic waits for. */
export function groupsBefore(program: Program, group: string): ReadonlySet<string> {
  return neededBy(
    program,
    program.statistics.findIndex((statistic) => statistic.group === group),
  ).groups;
}

/** The pass that stores the result, rounded to the type, or to f32 where it is converted afterwards. */
export function mapPass(program: Program, dtype: DType): Formula {
  if (!isComputed(dtype)) throw new Error(`no result is stored as ${dtype}`);
  const type = resultType(dtype);
  const word = roundToWord(program.graph, type, program.result);
  return program.graph.formula([
    { kind: 'store', word, width: widthOf(type), nonFinite: exponentMask(type) },
  ]);
}

/** How many passes must run before each scalar is known. */
export function scalarLevels(program: Program): {
  readonly scalar: (id: ScalarId) => number;
  readonly statistic: (index: number) => number;
} {
  const scalars = new Map<ScalarId, number>();
  const statistics = new Map<number, number>();
  const nodes = new Map<Node, number>();
  const nodeLevel = (root: Node): number => {
    const pending: Node[] = [root];
    while (pending.length > 0) {
      const node = pending[pending.length - 1]!;
      const open = node.args.filter((argument) => !nodes.has(argument));
      if (open.length > 0 && !nodes.has(node)) {
        pending.push(...open);
        continue;
      }
      pending.pop();
      if (nodes.has(node)) continue;
      const own = node.op === 'uni' ? scalar(program.uniforms[node.imm]!.scalar) : 0;
      nodes.set(
        node,
        node.args.reduce((most, argument) => Math.max(most, nodes.get(argument)!), own),
      );
    }
    return nodes.get(root)!;
  };
  const statistic = (index: number): number => {
    const known = statistics.get(index);
    if (known !== undefined) return known;
    const level = statisticInputs(program.statistics[index]!, nodeLevel, scalar);
    statistics.set(index, level);
    return level;
  };
  const scalar = (id: ScalarId): number => {
    const known = scalars.get(id);
    if (known !== undefined) return known;
    const level = scalarLevel(program, id, statistic, scalar);
    scalars.set(id, level);
    return level;
  };
  return { scalar, statistic };
}

function scalarLevel(
  program: Program,
  id: ScalarId,
  statistic: (index: number) => number,
  scalar: (id: ScalarId) => number,
): number {
  const definition = program.scalars[id]!;
  switch (definition.kind) {
    case 'number':
      return 0;
    case 'host':
      return definition.args.reduce((most, argument) => Math.max(most, scalar(argument)), 0);
    case 'statistic': {
      const of = program.statistics[definition.statistic]!;
      if (of.group !== undefined) return 0;
      return (
        statistic(definition.statistic) + (of.kind === 'kth' && definition.part !== 'high' ? 2 : 1)
      );
    }
  }
}

function statisticInputs(
  statistic: Statistic,
  node: (node: Node) => number,
  scalar: (id: ScalarId) => number,
): number {
  switch (statistic.kind) {
    case 'dot':
      return Math.max(node(statistic.p), node(statistic.q));
    case 'count':
      return node(statistic.mask);
    case 'kth':
      return Math.max(node(statistic.key), scalar(statistic.rank));
    case 'quota':
      return Math.max(node(statistic.mask), scalar(statistic.wanted));
  }
}

function passesOf(
  program: Program,
  wanted: (statistic: Statistic, index: number) => boolean,
): readonly Pass[] {
  const levels = scalarLevels(program);
  const byLevel = new Map<number, { sinks: Sink[]; served: PassSink[] }>();
  program.statistics.forEach((statistic, index) => {
    if (!wanted(statistic, index)) return;
    sinksOf(program, index).forEach(({ sink, served }, stage) => {
      const level = levels.statistic(index) + stage;
      const pass = byLevel.get(level) ?? { sinks: [], served: [] };
      byLevel.set(level, pass);
      pass.sinks.push(sink);
      pass.served.push(served);
    });
  });
  return [...byLevel.entries()]
    .sort(([a], [b]) => a - b)
    .map(([, { sinks, served }]) => ({ formula: program.graph.formula(sinks), sinks: served }));
}

/** The sinks of a statistic, one a pass, in order. */
function sinksOf(
  program: Program,
  index: number,
): readonly { readonly sink: Sink; readonly served: PassSink }[] {
  const statistic = program.statistics[index]!;
  switch (statistic.kind) {
    case 'dot':
      return [
        {
          sink: { kind: 'dot', p: statistic.p, q: statistic.q },
          served: { statistic: index, stage: 'dot' },
        },
      ];
    case 'count':
      return [
        {
          sink: { kind: 'count', mask: statistic.mask },
          served: { statistic: index, stage: 'count' },
        },
      ];
    case 'quota':
      return [
        {
          sink: { kind: 'count', mask: statistic.mask },
          served: { statistic: index, stage: 'quota' },
        },
      ];
    case 'kth':
      return [
        { sink: { kind: 'hist', key: statistic.key }, served: { statistic: index, stage: 'high' } },
        {
          sink: { kind: 'hist', key: statistic.key, prefix: program.prefixes.get(index)! },
          served: { statistic: index, stage: 'low' },
        },
      ];
  }
}

/** What a statistic waits for: other statistics of the tensor alone, and groups. */
function neededBy(
  program: Program,
  statistic: number,
): { readonly own: ReadonlySet<number>; readonly groups: ReadonlySet<string> } {
  const own = new Set<number>();
  const groups = new Set<string>();
  const visitScalar = (id: ScalarId): void => {
    const definition = program.scalars[id]!;
    if (definition.kind === 'host') definition.args.forEach(visitScalar);
    // The high half of its own key is what a k-th value's second pass reads.
    if (definition.kind !== 'statistic' || definition.statistic === statistic) return;
    const { group } = program.statistics[definition.statistic]!;
    if (group !== undefined) {
      groups.add(group);
    } else if (!own.has(definition.statistic)) {
      own.add(definition.statistic);
      visitStatistic(definition.statistic);
    }
  };
  const visitNode = (root: Node): void => {
    const seen = new Set<Node>();
    const pending: Node[] = [root];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      if (node.op === 'uni') visitScalar(program.uniforms[node.imm]!.scalar);
      pending.push(...node.args);
    }
  };
  const visitStatistic = (index: number): void => {
    const of = program.statistics[index]!;
    switch (of.kind) {
      case 'dot':
        visitNode(of.p);
        return visitNode(of.q);
      case 'count':
        return visitNode(of.mask);
      case 'kth':
        visitNode(of.key);
        return visitScalar(of.rank);
      case 'quota':
        visitNode(of.mask);
        return visitScalar(of.wanted);
    }
  };
  visitStatistic(statistic);
  return { own, groups };
}
