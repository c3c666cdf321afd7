import { expect, test } from 'vitest';
import { makeFault } from '../../engine/faults/fault.ts';
import { notInCache } from '../../engine/faults/not-in-cache.ts';
import { partInCache } from '../../engine/faults/part-in-cache.ts';
import { sourceNotFound } from '../../engine/faults/source-not-found.ts';
import type { FaultKind } from '../../engine/faults/fault.ts';
import type { ModelAnswer } from '../analysis/analysis.ts';
import { check, testUri } from '../test-kit.ts';
import { fetchFixes } from './fetch-fixes.ts';

const fetchCommand = 'editor.fetch';

function fault(kind: FaultKind): ModelAnswer {
  return { kind: 'fault', fault: makeFault(kind, { message: 'It is so.', help: 'Do so.' }) };
}

/** What is offered at the cursor, where models cannot be opened. */
function offered(text: string, models: Record<string, ModelAnswer>, options = { fetchCommand }) {
  const { analysis, offset } = check(text, { models });
  return fetchFixes(analysis, { start: offset, end: offset }, options);
}

test('a model that is missing, or there in part, can be fetched where the editor can do it', () => {
  const far = 'model far = hub("org/f‸ar")\n';
  const [fix] = offered(far, { far: fault(notInCache) });
  expect(fix).toMatchObject({
    title: 'Fetch this model…',
    kind: 'quickfix',
    isPreferred: true,
    diagnostics: [{ code: 'MW4551' }],
    command: { command: fetchCommand, arguments: [{ uri: testUri }] },
  });
  expect(offered(far, { far: fault(partInCache) })).toHaveLength(1);
  expect(offered(far, { far: fault(notInCache) }, {} as { fetchCommand: string })).toEqual([]);
});

test('one fetch is for all of a recipe', () => {
  const two = 'model far = hub("org/f‸ar")\nmodel near = hub("org/near")\n';
  const models = { far: fault(notInCache), near: fault(partInCache) };
  expect(offered(two, models).map(({ title }) => title)).toEqual(['Fetch all missing models…']);
});

test('a path that is wrong is nothing to fetch, nor is another place', () => {
  const far = (text: string): string => `model far = ${text}\n`;
  expect(offered(far('"./fa‸r"'), { far: fault(sourceNotFound) })).toEqual([]);
  expect(offered(`${far('hub("org/far")')}m‸erge m = base`, { far: fault(notInCache) })).toEqual(
    [],
  );
});
