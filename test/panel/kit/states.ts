/** States of the panel: recorded ones of the digits example, and made ones of large models. */
import { readFileSync } from 'node:fs';
import type {
  ModelFigures,
  PairFigures,
  Preview,
  PreviewFigure,
  PreviewRow,
} from '../../../engine/measures/preview.ts';
import type { MergeReport } from '../../../engine/output/report.ts';
import type {
  MapState,
  PanelState,
  PlanState,
  RecipeState,
} from '../../../engine/protocol/panel.ts';

const fixture = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')) as T;

/** What `preview --json` printed for the digits example. */
const digitsPreview: Preview = fixture('digits-preview.json');
/** What a run of it left beside its output. */
const digitsReport: MergeReport = fixture('digits-report.json');

export const digitsRecipe: RecipeState = {
  uri: 'file:///home/ada/digits/digits.merge',
  name: 'digits.merge',
  textVersion: 7,
  errors: [],
  steps: [{ name: 'blend', line: 23, method: 'ties' }],
  step: 'blend',
  trusted: true,
};

const digitsPlan: PlanState = {
  textVersion: 7,
  outputs: [
    {
      step: 'blend',
      folder: '/home/ada/digits/out/digits',
      bytes: 169_304,
      tensors: 15,
      state: 'new',
    },
  ],
  bytesToRead: 1_340_000,
  bytesToWrite: 169_304,
  memory: 87_200_000,
  free: 82_000_000_000,
  seconds: 0.3,
  host: 'process',
  backend: 'WebAssembly, 2 threads',
};

export const digitsMap: MapState = {
  step: 'blend',
  textVersion: 7,
  models: digitsPreview.models,
  rows: digitsPreview.rows,
  expectations: digitsPreview.expectations,
  reading: 'exact',
  read: { blocks: 15, ofBlocks: 15 },
};

export const digits: PanelState = {
  recipe: digitsRecipe,
  plan: digitsPlan,
  map: digitsMap,
  run: { kind: 'idle' },
  notices: [],
};

/** The line that the extension gives for a folder. */
const useIt = (folder: string) =>
  `AutoModelForCausalLM.from_pretrained("${folder}", torch_dtype="auto")`;

export const digitsDone: PanelState = {
  ...digits,
  run: {
    kind: 'done',
    seconds: 0.25,
    outputs: [
      {
        step: 'blend',
        folder: '/home/ada/digits/out/digits',
        bytes: 169_548,
        upToDate: false,
        report: digitsReport,
        useIt: useIt('/home/ada/digits/out/digits'),
      },
    ],
  },
};

export const digitsRunning: PanelState = {
  ...digits,
  run: {
    kind: 'running',
    host: 'process',
    device: 'WebAssembly, 2 threads',
    progress: {
      phase: 'merging',
      bytesRead: 7_400_000_000,
      bytesWritten: 2_100_000_000,
      bytesToWrite: 3_100_000_000,
      tensorsDone: 229,
      tensors: 338,
      seconds: 6.1,
    },
  },
};

/** A seeded sequence in 0..1, so that every picture is the same. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

export interface LargeModel {
  readonly layers: number;
  /** Each a part, or a part and its column. */
  readonly parts: readonly string[];
  readonly models: readonly string[];
  /** A second tower of so many layers. */
  readonly vision?: number;
  readonly reading?: MapState['reading'];
  /** Layers that were read so far. */
  readonly readLayers?: number;
}

/** Figures whose middle layers move most, as sampled ones with their errors. */
function largeMap({
  layers,
  parts,
  models,
  vision = 0,
  reading = 'sampled',
  readLayers = layers,
}: LargeModel): MapState {
  const random = seeded(17);
  const isExact = reading === 'exact';
  const figure = (value: number, error: number): PreviewFigure => ({
    value,
    ...(isExact ? {} : { standardError: error }),
    exact: isExact,
  });
  const of = (
    place: Omit<PreviewRow, 'models' | 'pairs' | 'tensors' | 'elements'>,
    lift: number,
  ) => {
    const isRead = (place.layer ?? 0) < readLayers;
    const elements = place.part === 'norms' ? 4096 : 16_777_216;
    const noise = place.part === 'norms' ? 0.12 : 0.01;
    return {
      ...place,
      tensors: place.kind === 'cell' ? 1 : 9,
      elements,
      models: !isRead
        ? []
        : models.map((model, index): ModelFigures => {
            const distance = (0.004 + 0.012 * lift) * (0.7 + 0.15 * index + 0.2 * random());
            return {
              model,
              distance: figure(distance, distance * noise),
              gap: figure((0.5 + 0.35 * index) * (0.8 + 0.4 * random()), 0.02),
              size: figure(distance * 1.2, distance * noise),
              kept: figure(0.3 + 0.2 * random(), 0.01),
            };
          }),
      pairs: !isRead
        ? []
        : models.flatMap((a, first) =>
            models.slice(first + 1).map((b): PairFigures => ({
              models: [a, b],
              cosine: figure(0.5 * (random() - 0.35) * lift, noise),
              signConflict: figure(0.5 - 0.2 * (random() - 0.35) * lift, noise),
            })),
          ),
      ...(isRead && models.length > 1 ? { signConflict: figure(0.4 + 0.2 * random(), noise) } : {}),
    } satisfies PreviewRow;
  };
  const towers = [
    { tower: 'text', count: layers },
    ...(vision > 0 ? [{ tower: 'vision', count: vision }] : []),
  ];
  const liftAt = (layer: number, count: number, part: number) =>
    Math.exp(-(((layer - 0.65 * count) / (0.18 * count)) ** 2)) * (0.4 + 0.1 * (part % 7));
  const named = parts.map((name) => {
    const [part, column] = name.split(' ');
    return { part: part!, ...(column === undefined ? {} : { column }) };
  });
  const rows: PreviewRow[] = [of({ kind: 'total' }, 0.5)];
  for (const { tower, count } of towers) {
    named.forEach((what, index) => rows.push(of({ kind: 'part', tower, ...what }, 0.1 * index)));
    for (const part of tower === 'text' ? ['embeddings', 'final_norm', 'head'] : ['embeddings']) {
      rows.push(of({ kind: 'part', tower, part, column: part }, 0.2));
    }
    for (let layer = 0; layer < count; layer++) {
      rows.push(of({ kind: 'layer', tower, layer }, liftAt(layer, count, 4)));
    }
    for (let layer = 0; layer < count; layer++) {
      named.forEach((what, index) =>
        rows.push(
          of(
            { kind: 'cell', tower, layer, ...what },
            what.part === 'norms' ? 0.02 : liftAt(layer, count, index),
          ),
        ),
      );
    }
  }
  return {
    step: 'expert',
    textVersion: 3,
    models: models.map((name) => ({ name, base: 'base' })),
    rows,
    expectations: [],
    reading,
    read: { blocks: 480, ofBlocks: 40_000 },
  };
}

export function large(model: LargeModel): PanelState {
  return {
    recipe: {
      uri: 'file:///home/ada/expert.merge',
      name: 'expert.merge',
      textVersion: 3,
      errors: [],
      steps: [
        { name: 'expert', line: 12, method: 'ties' },
        { name: 'final', line: 19, method: 'expert + 30 % of tone' },
      ],
      step: 'expert',
      trusted: true,
    },
    plan: {
      textVersion: 3,
      outputs: [
        {
          step: 'final',
          folder: '/home/ada/models/out/expert',
          bytes: 3_087_467_144,
          tensors: 338,
          state: 'an earlier run made it',
          replaces: true,
        },
      ],
      bytesToRead: 12_400_000_000,
      bytesToWrite: 3_087_467_144,
      memory: 410_000_000,
      free: 61_000_000_000,
      seconds: 9,
      host: 'process',
      backend: 'WebAssembly, 2 threads',
    },
    map: largeMap(model),
    run: { kind: 'idle' },
    notices: [],
  };
}

const attention = (...columns: readonly string[]) => columns.map((column) => `attention ${column}`);
const mlp = ['mlp gate', 'mlp up', 'mlp down'] as const;

/** A usual network's matrices. */
export const matrices: readonly string[] = [
  ...attention('q', 'k', 'v', 'o'),
  ...mlp,
  'norms norms',
];

/** Twenty, as a mixture of experts with recurrent layers and two kinds of attention has them. */
export const manyParts: readonly string[] = [
  ...attention('qkv', 'q', 'k', 'v', 'q_a', 'q_b', 'kv_a', 'kv_b', 'o'),
  ...mlp,
  ...['router router', 'experts gate', 'experts up', 'experts down'],
  ...['mixer in_proj', 'mixer conv1d', 'mixer out_proj', 'norms norms'],
];
