/** The rim of every feature: a bug costs one answer, a cancelled request none. */
import { describe, expect, it } from 'vitest';
import {
  CancellationTokenSource,
  type Connection,
  LSPErrorCodes,
  ResponseError,
  type ServerCapabilities,
} from 'vscode-languageserver';
import { guarded } from './feature.ts';
import { capabilitiesFor, features } from './registry.ts';

function listening(): { readonly connection: Connection; readonly told: string[] } {
  const told: string[] = [];
  const console = { error: (message: string) => told.push(message) };
  return { connection: { console } as unknown as Connection, told };
}

describe('a feature', () => {
  const { token } = new CancellationTokenSource();

  it('with a bug is logged, and answers with nothing', async () => {
    const { connection, told } = listening();
    const answer = await guarded(connection, { name: 'hover', empty: null, token }, () => {
      throw new Error('a bug');
    });
    expect(answer).toBeNull();
    expect(told.join('\n')).toMatch(/^hover: Error: a bug/);
  });

  it('whose request is cancelled does no work', async () => {
    const { connection, told } = listening();
    const source = new CancellationTokenSource();
    let worked = false;
    const answer = guarded(connection, { name: 'hover', empty: null, token: source.token }, () => {
      worked = true;
      return null;
    });
    source.cancel();
    expect(await answer).toBeInstanceOf(ResponseError);
    expect(worked).toBe(false);
    expect(told).toEqual([]);
  });
});

describe('an answer', () => {
  it('about a text that has changed meanwhile is not given', async () => {
    const { connection } = listening();
    const { token } = new CancellationTokenSource();
    const guard = { name: 'hover', empty: null, token, isStale: () => true };
    expect(await guarded(connection, guard, () => 'stale')).toMatchObject({
      code: LSPErrorCodes.ContentModified,
    });
  });
});

describe('the registry', () => {
  it('names every feature once', () => {
    const names = features.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('lets no two features claim one capability', () => {
    const client = { textDocument: { diagnostic: {} } };
    // What is our own stands below one word of the protocol.
    const claimsOf = ({ experimental, ...of }: ServerCapabilities): string[] => [
      ...Object.keys(of),
      ...Object.keys((experimental ?? {}) as object),
    ];
    const claimed = features.flatMap((feature) => claimsOf(feature.capabilities(client)));
    expect(new Set(claimed).size).toBe(claimed.length);
    expect(claimsOf(capabilitiesFor(client)).sort()).toEqual(claimed.sort());
  });

  it('offers pulled diagnostics only to a client that pulls', () => {
    expect(capabilitiesFor({}).diagnosticProvider).toBeUndefined();
  });
});
