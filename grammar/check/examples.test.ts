import { describe, expect, it } from 'vitest';
import type { DiagnosticKind } from '../diagnostics/diagnostic.ts';
import { checkKinds } from '../diagnostics/registry.ts';
import { testCatalogue } from './test-catalogue.ts';
import { checkedExample } from './test-examples.ts';

/** Only headers tell these. */
const isOfHeaders = ({ code }: DiagnosticKind): boolean =>
  code.startsWith('MW4') || code === 'MW3029';

describe.each(checkKinds.map((kind) => [kind.code, kind] as const))(
  'the page of %s',
  (code, kind) => {
    const options = { code, deep: isOfHeaders(kind) };
    const codes = (example: string): readonly string[] =>
      checkedExample(example, testCatalogue, options).checked.diagnostics.map((of) => of.code);

    it('shows a wrong example that is found wrong', () => {
      expect(codes(kind.wrong)).toContain(code);
    });

    it('shows a right example', () => {
      const found = codes(kind.right).filter((of) => of === code || /^MW[123][0-8]/.test(of));
      expect(found).toEqual([]);
    });
  },
);
