/** Recipes of a given length for the bench: steps in chains of twenty, four rules each, five models. */

export const models = ['base', 'math', 'code', 'chat', 'tale'] as const;

export interface LongRecipe {
  readonly lines: number;
  /** Of each model. */
  readonly layers: number;
}

export function longRecipe({ lines: count, layers }: LongRecipe): string {
  const lines = models.map((name) => `model ${name} = "./${name}"`);
  const half = layers / 2;
  lines.push('param keep: Ratio = 40% in 10%..90%', `layers early = 0..${half - 1}`, '');
  let step = 0;
  for (; lines.length < count - 4; step += 1) {
    const base = step % 20 === 0 ? 'base' : `step${step - 1}`;
    lines.push(
      `merge step${step} = ties(${base}, [math, code, chat { weight: 0.5 }, tale], density: keep) {`,
      '  at early           { weight.math = 90% }',
      '  at "*.mlp.*"       { density = 20%, scale = curve(0.5, 1) }',
      `  at layers ${half}..${layers - 1}   { weight = { code: 0.4, chat: 0.2 } }`,
      '  at head            { take base }',
      '}',
      '',
    );
  }
  lines.push(
    `expect gap(step${step - 1}, math) < 120%`,
    `output step${step - 1} to "./out" { dtype = bf16 }`,
    '',
  );
  return lines.join('\n');
}
